// The last move at this counter, and for how long it may still be taken back.
import { byId, show, write } from './view.js';

const secondsLeft = (undo, now) => Math.ceil((Date.parse(undo.until) - now) / 1000);

/** The move that may be taken back now, or null. */
export function undoable(counter, now) {
  const { undo } = counter;
  return undo && secondsLeft(undo, now) > 0 ? undo : null;
}

export function drawUndo(counter, now, busy, texts, words) {
  const undo = undoable(counter, now);
  show(byId('undo'), Boolean(undo));
  show(byId('done-line'), !undo);
  if (!undo) return;
  write(byId('undo-what'), words.phrase(texts.done[undo.move], { label: undo.label }));
  write(byId('undo-left'), `${secondsLeft(undo, now)}″`);
  byId('undo').querySelector('button').disabled = busy;
}
