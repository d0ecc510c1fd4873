/** The line at the foot. It runs only when it does not fit; where motion is unwanted, it turns pages instead. */
import { make, put } from '../lib/dom.js';
import { createRotation } from './rotation.js';

const SPEED = 0.055; // widths of the screen a second: about a word a second
const BETWEEN = ' • ';
const still = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;

export function createTicker(box, fallback, lang, now) {
  let texts = [];
  let seconds = 12;
  let running = null;
  let known = '';
  const rotation = createRotation(now, (page, index) => {
    box.dataset.page = String(index);
    put(box, make('span', { class: 'ticker__text' }, page.text));
  });

  function stop() {
    if (running) running.cancel();
    running = null;
    rotation.set([]);
    box.classList.remove('is-running');
  }

  function fits(text) {
    const span = make('span', { class: 'ticker__text' }, text);
    put(box, span);
    return span.offsetWidth <= box.clientWidth ? span : null;
  }

  /** All boards of a wall show the same words at the same place: the server's clock says how far they are. */
  function run(text) {
    const span = make('span', { class: 'ticker__text' }, text);
    box.classList.add('is-running');
    put(box, span);
    const width = span.offsetWidth;
    const way = box.clientWidth + width;
    const duration = Math.round((way / (window.innerWidth * SPEED)) * 10) * 100;
    running = span.animate(
      [{ transform: `translateX(${box.clientWidth}px)` }, { transform: `translateX(${-width}px)` }],
      { duration, iterations: Infinity },
    );
    running.currentTime = now() % duration;
  }

  /** As many words as fit on each page. */
  function turn(list) {
    const pages = [];
    list.forEach((text) => {
      let page = '';
      text.split(/\s+/).forEach((word) => {
        const longer = page ? `${page} ${word}` : word;
        if (page && !fits(longer)) {
          pages.push({ text: page, seconds });
          page = word;
        } else page = longer;
      });
      pages.push({ text: page, seconds });
    });
    rotation.set(pages);
  }

  function draw() {
    stop();
    const list = texts.length ? texts : [fallback];
    if (fits(list.join(BETWEEN))) return;
    if (still() || !box.animate) turn(list);
    else run(list.join(BETWEEN));
  }

  return {
    set(notices, pageSeconds) {
      texts = notices
        .filter((notice) => notice.kind === 'ticker')
        .map((notice) => (lang === 'en' && notice.text_en) || notice.text);
      seconds = Math.max(5, Math.min(pageSeconds, 12));
      const next = JSON.stringify([texts, seconds]);
      if (next !== known) draw();
      known = next;
    },
    redraw: draw,
    hold(stopped) {
      rotation.hold(stopped);
      if (running) running[stopped ? 'pause' : 'play']();
      if (running && !stopped) running.currentTime = now() % running.effect.getTiming().duration;
    },
  };
}
