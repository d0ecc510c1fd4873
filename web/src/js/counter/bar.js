// The bar on top: which counter, whether its printer is ready, and what time it is.
import { titleOf } from './names.js';
import { byId, show, write } from './view.js';

export function drawBar(counter, texts) {
  write(byId('counter-number'), counter.number);
  write(byId('counter-title'), nameOf(counter));
  const printer = counter.printer;
  const bar = byId('printer');
  show(bar, Boolean(printer));
  if (!printer) return;
  bar.dataset.state = printer.ready ? 'ready' : 'trouble';
  write(byId('printer-text'), printer.ready ? texts.printerReady : printer.message || texts.printerTrouble);
}

/** A counter is mostly called after one of its lines, and then has that line's name in the page's language. */
function nameOf(counter) {
  const namesake = counter.lines.find((line) => line.title === counter.title);
  if (namesake) return titleOf(namesake);
  return counter.title || counter.lines.map(titleOf).join(' · ');
}

export function drawClock(now, words) {
  write(byId('clock'), words.time(now));
}
