/** The sums at the foot of a board: how many wait in its area, and for about how long. */
import { find, make, put } from '../lib/dom.js';

/** A sentence with its figure set apart: "Đang chờ {n} người". */
function sentence(template, figure) {
  const [before, after] = template.split('{n}');
  return make('span', {}, before, after === undefined ? null : [make('b', {}, figure), after]);
}

function waitOf({ waiting, range: [low, high] }, texts) {
  if (waiting === 0 || high === 0) return sentence(texts.none);
  if (low === 0) return sentence(texts.soon, String(high));
  return sentence(texts.range, `${low}–${high}`);
}

export function drawFigures(state, texts) {
  const shown = [];
  if (state.begun && state.connected) {
    if (state.waiting > 0) shown.push(sentence(texts.waiting, String(state.waiting)));
    shown.push(waitOf(state, texts));
  }
  put(find('#figures'), shown);
}
