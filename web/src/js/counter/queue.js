// The left column's frame: how many wait, how long each of my lines is, what was done today.
import { titleOf } from './names.js';
import { byId, clear, make, show, write } from './view.js';

export function drawQueue(counter, texts, words) {
  write(byId('waiting-count'), words.phrase(texts.people, { n: counter.waiting_count }));
  write(
    byId('longest-wait'),
    counter.waiting_count
      ? words.phrase(texts.longestWait, { n: words.minutes(counter.longest_wait_seconds || 0) })
      : '',
  );
  write(byId('done-today'), counter.done_today);
  drawLines(counter, texts, words);
  show(byId('waiting-empty'), counter.waiting.length === 0);
  show(byId('waiting'), counter.waiting.length > 0);
  for (const id of ['parked', 'absent']) {
    show(byId(`${id}-part`), counter[id].length > 0);
    write(byId(`${id}-count`), counter[id].length);
  }
}

/** Each line with its length; with several, a press calls from that line alone. */
function drawLines(counter, texts, words) {
  const list = byId('line-lengths');
  const focused = document.activeElement && document.activeElement.dataset.line;
  clear(list);
  const several = counter.lines.length > 1;
  for (const line of counter.lines) {
    const piece = make(several ? 'button' : 'span', 'queue__line');
    if (several) {
      piece.type = 'button';
      piece.dataset.line = line.id;
      piece.disabled = counter.state !== 'open' || line.waiting === 0;
      piece.title = words.phrase(texts.callLine, { title: titleOf(line) });
    } else piece.title = titleOf(line);
    piece.append(make('strong', '', line.prefix), make('span', 'visually-hidden', ` ${piece.title}: `));
    piece.append(make('span', 'num', line.waiting));
    const item = make('li', '');
    item.append(piece);
    list.append(item);
    if (focused === String(line.id)) piece.focus();
  }
}
