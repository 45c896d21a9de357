// Types of /embed.js, the member portal on a gym's own web site.

export type Page = "profile" | "contact" | "address" | "master" | "payment";

export interface Options {
  /** The studio, as its addresses in the portal name it: `berlin-mitte`. */
  studio: string;
  /** What to open; `profile`, the overview, by default. Whoever is not signed in comes to the sign-in first. */
  page?: Page;
  /** `en` or `de`; by default what the member picked in the frame, or what the browser asks for. */
  language?: string;
  /** The least height of the frame in pixels; 320 by default. */
  minHeight?: number | string;
  /** The height in pixels of what covers the top of the page, such as a menu that stays there; 0 by default. */
  topOffset?: number | string;
  /** `light`, `dark`, or `auto` for what the device prefers; by default the `color-scheme` of the page. */
  colorScheme?: "light" | "dark" | "auto";
}

export interface Portal {
  readonly element: Element;
  /** Opens a page of the portal; after a form that is being sent has its answer. */
  goTo(page: Page): void;
  /** Signs the member out. */
  signOut(): void;
  /** Switches the language, unless the page in the frame holds a form that was just rejected. */
  setLanguage(code: string): void;
  /** Whether a member is signed in, as far as the page in the frame has said. */
  isSignedIn(): boolean;
  /** Takes the frame and all listeners away. */
  destroy(): void;
}

/** What `event.detail` holds, by the name of the event. All events bubble up from `portal.element`. */
export interface Events {
  "memberportal:ready": { portal: Portal };
  "memberportal:resize": { portal: Portal; height: number };
  /** A page of the list above, `sign-in`, `sign-in-code`, `sign-in-member`, `confirm`, `withdraw` or `error`. */
  "memberportal:page": { portal: Portal; page: string };
  "memberportal:signedIn": { portal: Portal; signedIn: true };
  "memberportal:signedOut": { portal: Portal; signedIn: false };
  "memberportal:busy": { portal: Portal; busy: boolean };
}

declare global {
  interface Window {
    MemberPortal: {
      /** Puts a portal into an element, or into the first that fits a selector; never throws. */
      create(place: Element | string, options: Options): Portal;
      /** All portals of the page, in the order in which they were made. */
      readonly portals: Portal[];
    };
  }
  interface DocumentEventMap {
    "memberportal:ready": CustomEvent<Events["memberportal:ready"]>;
    "memberportal:resize": CustomEvent<Events["memberportal:resize"]>;
    "memberportal:page": CustomEvent<Events["memberportal:page"]>;
    "memberportal:signedIn": CustomEvent<Events["memberportal:signedIn"]>;
    "memberportal:signedOut": CustomEvent<Events["memberportal:signedOut"]>;
    "memberportal:busy": CustomEvent<Events["memberportal:busy"]>;
  }
}
