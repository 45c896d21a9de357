"""Why the simulated API says no: one exception, and its words in English, German and Spanish."""

from __future__ import annotations

_MESSAGES: dict[str, tuple[str, str, str]] = {
    "key": (
        "The API key is missing or wrong.",
        "Der API-Schlüssel fehlt oder ist falsch.",
        "Falta la clave API o no es válida.",
    ),
    "scope": (
        "The API key has no permission for this operation.",
        "Der API-Schlüssel hat für diesen Vorgang keine Berechtigung.",
        "La clave API no tiene permiso para esta operación.",
    ),
    "path": (
        "There is nothing at this address.",
        "Unter dieser Adresse gibt es nichts.",
        "No hay nada en esta dirección.",
    ),
    "method": (
        "This method is not supported here.",
        "Diese Methode wird hier nicht unterstützt.",
        "Método no admitido.",
    ),
    "customer": ("Customer not found.", "Kunde nicht gefunden.", "Cliente no encontrado."),
    "amendment": ("Amendment not found.", "Änderungsantrag nicht gefunden.", "Solicitud de cambio no encontrada."),
    "too-large": ("The request is too large.", "Die Anfrage ist zu groß.", "La solicitud es demasiado grande."),
    "media-type": ("The body must be JSON.", "Der Inhalt muss JSON sein.", "El contenido debe ser JSON."),
    "not-json": ("The body is not readable.", "Der Inhalt ist nicht lesbar.", "El contenido no es legible."),
    "required": ("This value is required.", "Dieser Wert wird benötigt.", "Este valor es obligatorio."),
    "type": (
        "This value has the wrong type.",
        "Dieser Wert hat den falschen Typ.",
        "Este valor es de tipo incorrecto.",
    ),
    "enum": ("This value is not allowed.", "Dieser Wert ist nicht erlaubt.", "Este valor no está permitido."),
    "date": (
        "This is not a date (YYYY-MM-DD).",
        "Das ist kein Datum (JJJJ-MM-TT).",
        "Esto no es una fecha (AAAA-MM-DD).",
    ),
    "country": ("This is not a country code.", "Das ist kein Ländercode.", "Esto no es un código de país."),
    "iban": ("This IBAN is not valid.", "Diese IBAN ist nicht gültig.", "Este IBAN no es válido."),
    "signature": ("A signature is required.", "Eine Unterschrift wird benötigt.", "Se necesita una firma."),
    "svg": (
        "The signature is not a valid SVG image.",
        "Die Unterschrift ist kein gültiges SVG-Bild.",
        "La firma no es una imagen SVG válida.",
    ),
    "criterion": (
        "Name at least one criterion.",
        "Mindestens ein Kriterium ist nötig.",
        "Indique al menos un criterio.",
    ),
    "read-only": (
        "The studio does not allow changes to this data.",
        "Das Studio erlaubt keine Änderung dieser Daten.",
        "El centro no permite cambiar estos datos.",
    ),
    "pending": (
        "The data has been changed meanwhile.",
        "Die Daten wurden inzwischen geändert.",
        "Los datos han cambiado entretanto.",
    ),
    "rate-limit": ("Too many requests.", "Zu viele Anfragen.", "Demasiadas solicitudes."),
    "system": (
        "A system error occurred.",
        "Ein Systemfehler ist aufgetreten.",
        "Se ha producido un error del sistema.",
    ),
}
_COLUMNS = {"en": 0, "de": 1, "es": 2}


class Refusal(Exception):
    """An answer other than success: HTTP status, a code of this module, the failing field, the methods allowed."""

    def __init__(self, status: int, code: str, reference: str = "", *, allow: str = "") -> None:
        super().__init__(f"{status} {code} {reference}".strip())
        self.status, self.code, self.reference, self.allow = status, code, reference, allow


def message(code: str, language: str) -> str:
    """The sentence for `code`; a language other than en, de, es gets English."""
    return _MESSAGES[code][_COLUMNS.get(language, 0)]


def choose_language(accept_language: str | None, default: str) -> str:
    """The best language asked for; `default` (the studio's) without a header; English for unknown ones."""
    if not accept_language:
        return default
    offers = [_weighted(part) for part in accept_language.split(",")]
    known = [(weight, language) for weight, language in offers if language in _COLUMNS and weight > 0]
    return max(known, key=lambda offer: offer[0])[1] if known else "en"


def _weighted(part: str) -> tuple[float, str]:
    tag, _, parameter = part.partition(";")
    _, _, weight = parameter.partition("q=")
    try:
        return (float(weight) if weight else 1.0), tag.strip().lower()[:2]
    except ValueError:
        return 0.0, ""
