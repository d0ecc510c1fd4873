/** The panel beside the calls: waits by line, the day's numbers by line, notices and pictures, by turns. */
import { find, make, put, say } from '../lib/dom.js';
import { byTurns, createRotation, evenly } from './rotation.js';

const SIZES = 4;
const LINES = { landscape: 4, portrait: 5 };

export function createPanel(box, texts, lang, now) {
  const title = find('#panel-title', box);
  const body = find('#panel-body', box);
  let lines = [];
  let notices = [];
  let settings = { seconds: 12, show_figures: true };

  const nameOf = (line) => (lang === 'en' && line.title_en) || line.title;

  function waitOf(line) {
    const [low, high] = line.wait_minutes;
    if (line.waiting === 0 || high === 0) return texts.free_line;
    return low === 0 ? texts.under.replace('{n}', high) : texts.minutes.replace('{n}', `${low}–${high}`);
  }

  function row(line, cells) {
    return make(
      'tr',
      {},
      make(
        'th',
        { scope: 'row' },
        make('span', { class: 'panel__line' }, make('b', {}, line.prefix), make('span', {}, nameOf(line))),
      ),
      cells.map(([text, kind]) => make('td', { class: kind || null }, text)),
    );
  }

  /** The first column is headed by what the table is about: there is little room. */
  function table(about, headings, rows) {
    const head = make('tr', {}, [about, ...headings].map((heading) => make('th', { scope: 'col' }, heading)));
    return make('table', { class: 'panel__table' }, make('thead', {}, head), make('tbody', {}, rows));
  }

  const waits = (part) => ({
    kind: 'waits',
    title: '',
    seconds: settings.seconds,
    content: () =>
      table(
        texts.waits,
        [texts.people, texts.wait],
        part.map((line) => row(line, [[String(line.waiting)], [waitOf(line), 'panel__wait']])),
      ),
  });

  const numbers = (part) => ({
    kind: 'numbers',
    title: '',
    seconds: settings.seconds,
    content: () =>
      table(
        texts.numbers,
        [texts.issued, texts.no_show, texts.cancelled],
        part.map((line) => row(line, [line.issued, line.no_show, line.cancelled].map((n) => [String(n)]))),
      ),
  });

  function english(notice) {
    return notice.text_en && make('p', { class: 'panel__english', lang: 'en' }, notice.text_en);
  }

  const said = (notice) => ({
    kind: 'notice',
    title: texts.notice,
    seconds: notice.seconds,
    content: () => [
      make('p', { class: 'panel__text' }, notice.text),
      english(notice),
    ],
  });

  const shown = (notice) => ({
    kind: 'picture',
    title: '',
    seconds: notice.seconds,
    content: () => make('img', { class: 'panel__picture', src: notice.picture, alt: notice.text }),
  });

  function pages() {
    const portrait = window.matchMedia('(orientation: portrait)').matches;
    const most = portrait ? LINES.portrait : LINES.landscape;
    const open = lines.filter((line) => line.open || line.waiting > 0);
    const given = lines.filter((line) => line.issued > 0);
    const figures = settings.show_figures
      ? [
          ...(open.length ? evenly(open, most).map(waits) : []),
          ...(given.length ? evenly(given, most).map(numbers) : []),
        ]
      : [];
    const others = notices.map((notice) => (notice.kind === 'picture' ? shown(notice) : said(notice)));
    return byTurns(figures, others);
  }

  const rotation = createRotation(now, (page, index, count) => {
    box.dataset.page = String(index);
    box.dataset.pages = String(count);
    box.dataset.kind = page.kind;
    say(title, page.title);
    title.hidden = !page.title;
    put(body, page.content());
    fit();
  });

  /** The largest letters with which nothing is cut off. */
  function fit() {
    for (let size = 1; size <= SIZES; size += 1) {
      box.dataset.size = String(size);
      if (body.scrollHeight <= body.clientHeight) return;
    }
  }

  return {
    set(values) {
      lines = values.lines || lines;
      notices = (values.notices || notices).filter((notice) => notice.kind !== 'ticker');
      settings = values.board || settings;
      const list = pages();
      box.dataset.empty = String(list.length === 0);
      rotation.set(list);
    },
    hold: rotation.hold,
    fit,
    get isEmpty() {
      return box.dataset.empty === 'true';
    },
  };
}
