/** The strip of counters: open and with whom, pausing, or closed; many counters take turns. */
import { make, put } from '../lib/dom.js';
import { counterText } from './calls.js';
import { createRotation, evenly } from './rotation.js';

const IN_A_ROW = { landscape: 15, portrait: 8 };

export function createStrip(box, texts, now) {
  const words = { paused: texts.paused, closed: texts.closed, open: texts.free };
  let counters = [];
  let seconds = 12;

  function cell({ number, state, label }) {
    const kind = label ? 'busy' : state;
    return make(
      'li',
      { class: `strip__counter strip__counter--${kind}`, 'data-counter': number },
      make('span', { class: 'strip__number' }, counterText(number)),
      // A visit goes on while its counter pauses.
      make('span', { class: label ? 'strip__label' : 'strip__state' }, label || words[state]),
    );
  }

  const rotation = createRotation(now, (page, index, count) => {
    box.dataset.page = String(index);
    box.dataset.pages = String(count);
    put(box, page.counters.map(cell));
  });

  function draw() {
    box.hidden = counters.length === 0;
    const portrait = window.matchMedia('(orientation: portrait)').matches;
    const pages = evenly(counters, portrait ? IN_A_ROW.portrait : IN_A_ROW.landscape);
    rotation.set(pages.map((part) => ({ seconds, counters: part })));
  }

  return {
    set(next, pageSeconds = seconds) {
      counters = next;
      seconds = pageSeconds;
      draw();
    },
    hold: rotation.hold,
    redraw: draw,
  };
}
