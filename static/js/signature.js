/* Signing by hand: turns every [data-signature] into a pad. Without this script the typed name alone signs. */
(() => {
  "use strict";

  const PEN = 2.5; // pixels, as in the SVG that the server writes
  const MAX_STROKES = 80; // the server's limit
  const MAX_POINTS = 3000; // below the server's limit of 4000
  const MIN_GAP = 2; // pixels between two points of a stroke

  const clamp = (value, high) => Math.min(Math.max(value, 0), high);

  /** Points at least `gap` pixels apart; the first and the last one stay. */
  function thin(points, gap) {
    const end = points[points.length - 1];
    const apart = (a, b) => Math.hypot(a.x - b.x, a.y - b.y) >= gap;
    const kept = [points[0]];
    for (const point of points) {
      if (apart(point, kept[kept.length - 1]) && apart(point, end)) kept.push(point);
    }
    return points.length > 1 ? [...kept, end] : kept;
  }

  /** The same curve that the server writes: what is seen is what is sent. */
  function trace(pen, points) {
    const [first, ...rest] = points;
    const last = rest.pop() ?? { x: first.x + 0.1, y: first.y };
    pen.beginPath();
    pen.moveTo(first.x, first.y);
    rest.forEach((point, i) => {
      const next = rest[i + 1] ?? last;
      pen.quadraticCurveTo(point.x, point.y, (point.x + next.x) / 2, (point.y + next.y) / 2);
    });
    pen.lineTo(last.x, last.y);
    pen.stroke();
  }

  class Signature {
    constructor(root) {
      const part = (name) => root.querySelector(`[data-signature-${name}]`);
      this.text = root.dataset;
      this.drawPane = part("draw");
      this.typePane = part("type");
      this.paper = part("paper");
      this.canvas = part("canvas");
      this.switcher = part("switch");
      this.status = part("status");
      this.undoButton = part("undo");
      this.clearButton = part("clear");
      this.field = root.querySelector("input[type=hidden]");
      this.name = root.querySelector("input[type=text]");
      // The library follows the pen and inks the stroke under way; finished strokes are kept and drawn here.
      this.pad = new SignaturePad(this.canvas, { minWidth: PEN / 2, maxWidth: PEN / 2, minDistance: MIN_GAP, throttle: 0 });
      this.strokes = [];
      this.cleared = []; // what Clear took away, for Undo
      this.width = this.height = 0; // the canvas in CSS pixels, to which all points refer
      this.drawing = false;
      this.listen();
      this.switcher.hidden = false;
      this.restore();
    }

    listen() {
      this.pad.addEventListener("beginStroke", (event) => this.begin(event));
      this.pad.addEventListener("endStroke", () => this.end());
      this.undoButton.addEventListener("click", () => this.undo());
      this.clearButton.addEventListener("click", () => this.clear());
      this.switcher.addEventListener("click", () => this.change());
      this.field.form?.addEventListener("submit", () => this.save());
      new ResizeObserver(() => this.fit()).observe(this.paper);
      this.watchResolution();
      addEventListener("pageshow", (event) => this.back(event));
    }

    /** The window may move to a sharper screen: same size, other pixels. A media query knows only the ratio it names. */
    watchResolution() {
      const moved = () => {
        this.fit();
        this.watchResolution();
      };
      matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener("change", moved, { once: true });
    }

    begin(event) {
      if (this.strokes.length >= MAX_STROKES) {
        event.preventDefault();
        this.say(this.text.textFull);
        return;
      }
      this.drawing = true;
      this.paper.dataset.ink = "";
    }

    end() {
      this.drawing = false;
      this.fit();
      this.strokes.push(...this.pad.toData().map(({ points }) => points));
      this.pad.clear();
      this.paint();
      if (this.strokes.length === 1) this.say(this.text.textDrawn);
    }

    undo() {
      if (this.strokes.pop()) {
        this.say(this.strokes.length ? this.text.textUndone : this.text.textCleared);
      } else if (this.cleared.length) {
        [this.strokes, this.cleared] = [this.cleared, []];
        this.say(this.text.textRestored);
      }
      this.paint();
    }

    clear() {
      if (!this.strokes.length) return;
      [this.strokes, this.cleared] = [[], this.strokes];
      this.paint();
      this.say(this.text.textCleared);
    }

    /** Draws all finished strokes anew, inside the canvas and in the screen's own resolution, and notes them for sending. */
    paint() {
      const ratio = Math.max(devicePixelRatio, 1);
      this.canvas.width = Math.round(this.width * ratio);
      this.canvas.height = Math.round(this.height * ratio);
      const pen = this.canvas.getContext("2d");
      pen.scale(ratio, ratio);
      Object.assign(pen, { lineWidth: PEN, lineCap: "round", lineJoin: "round" });
      for (const points of this.strokes) {
        for (const point of points) {
          point.x = clamp(point.x, this.width);
          point.y = clamp(point.y, this.height);
        }
        trace(pen, points);
      }
      this.save();
    }

    /** Brings points and bitmap to the present size of the canvas. A stroke under way goes on; it is redrawn at its end. */
    fit() {
      const box = this.canvas.getBoundingClientRect();
      if (!box.width) return; // not on show now
      const scale = this.width ? box.width / this.width : 1;
      const underWay = this.pad.toData().map(({ points }) => points);
      for (const point of [...this.strokes, ...this.cleared, ...underWay].flat()) {
        point.x *= scale;
        point.y *= scale;
      }
      this.width = box.width;
      this.height = box.height;
      if (!this.drawing) this.paint();
    }

    /** Notes the drawing in the hidden field; a signature that is not on show is not sent. */
    save() {
      const ink = this.strokes.length > 0;
      this.field.value = ink && !this.drawPane.hidden ? this.serialise() : "";
      this.saved = this.field.value;
      this.paper.toggleAttribute("data-ink", ink);
      this.clearButton.setAttribute("aria-disabled", String(!ink));
      this.undoButton.setAttribute("aria-disabled", String(!ink && !this.cleared.length));
    }

    serialise() {
      const [width, height] = [Math.round(this.width), Math.round(this.height)];
      const whole = ({ x, y }) => [Math.round(x), Math.round(y)];
      let strokes;
      let gap = MIN_GAP;
      do {
        strokes = this.strokes.map((points) => thin(points, gap).map(whole));
        gap *= 1.5;
      } while (strokes.flat().length > MAX_POINTS);
      return JSON.stringify({ width, height, strokes });
    }

    /** Takes up what the hidden field holds: from the server after a rejected form, or from the browser's own memory. */
    restore() {
      const drawn = JSON.parse(this.field.value || '{"width":0,"height":0,"strokes":[]}');
      this.width = drawn.width;
      this.height = drawn.height;
      this.strokes = drawn.strokes.map((points) => points.map(([x, y]) => ({ x, y })));
      const typing = this.name.value || document.activeElement === this.name;
      this.show(typing && !this.strokes.length ? "type" : "draw");
    }

    back(event) {
      if (event.persisted) this.fit();
      else if (this.field.value !== this.saved) this.restore();
    }

    change() {
      this.show(this.typePane.hidden ? "type" : "draw");
      if (!this.typePane.hidden) this.name.focus();
    }

    /** Only the way that is on show signs: the other one keeps what it has but is not sent. */
    show(way) {
      this.drawPane.hidden = way !== "draw";
      this.typePane.hidden = way !== "type";
      this.name.disabled = way !== "type";
      this.switcher.textContent = way === "draw" ? this.text.textType : this.text.textDraw;
      this.fit();
      this.save();
    }

    say(text) {
      this.status.textContent = text;
    }
  }

  document.querySelectorAll("[data-signature]").forEach((root) => new Signature(root));
})();
