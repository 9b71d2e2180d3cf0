// Text of a folder as it may be shown: what does not print, or turns the direction, is escaped, and \\ is doubled.
"use strict";

// The last: printable by the tables of Unicode, and yet nothing is seen (joiners, fillers, variation selectors).
const UNSHOWN = /[\p{C}\p{Zl}\p{Zp}\\]|(?! )\p{Zs}|[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}]/gu;

function plain(text) {
  return String(text).replace(UNSHOWN, (letter) => {
    if (letter === "\\") return "\\\\";
    const number = letter.codePointAt(0), [mark, width] = number < 0x100 ? ["x", 2] : number < 0x10000 ? ["u", 4] : ["U", 8];
    return "\\" + mark + number.toString(16).padStart(width, "0");
  });
}
