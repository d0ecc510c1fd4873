/** Big "further" buttons where a list is longer than the screen: not everybody knows how to drag. */
import { find, findAll, make } from '../lib/dom.js';
import { onLanguage, t } from './words.js';

const STEP = 0.8;

const SVG = 'http://www.w3.org/2000/svg';
const PATHS = { up: 'M5 15l7-7 7 7', down: 'M5 9l7 7 7-7' };

function chevron(direction) {
  const picture = document.createElementNS(SVG, 'svg');
  picture.setAttribute('class', 'icon');
  picture.setAttribute('viewBox', '0 0 24 24');
  picture.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[direction]);
  path.setAttribute('class', 'icon__stroke');
  picture.appendChild(path);
  return picture;
}

function arrow(direction) {
  const button = make('button', { type: 'button', class: `scroll__button scroll__button--${direction}`, hidden: true, tabindex: '-1' });
  button.appendChild(chevron(direction));
  const words = make('span');
  button.appendChild(words);
  onLanguage(() => (words.textContent = t(direction === 'up' ? 'more_up' : 'more_down')));
  return button;
}

function update(list, up, down) {
  const over = list.scrollHeight - list.clientHeight > 8;
  up.hidden = !over || list.scrollTop < 8;
  down.hidden = !over || list.scrollTop + list.clientHeight > list.scrollHeight - 8;
  if (over) list.setAttribute('tabindex', '0');
  else list.removeAttribute('tabindex');
}

/** Gives every `[data-scroll]` its buttons; returns a function to call after lists changed. */
export function addScrollButtons() {
  const refreshers = findAll('[data-scroll]').map((place) => {
    const list = find('ul', place);
    const [up, down] = [arrow('up'), arrow('down')];
    place.append(up, down);
    const refresh = () => update(list, up, down);
    const move = (sign) => list.scrollBy({ top: sign * list.clientHeight * STEP, behavior: 'smooth' });
    up.addEventListener('click', () => move(-1));
    down.addEventListener('click', () => move(1));
    list.addEventListener('scroll', refresh, { passive: true });
    window.addEventListener('resize', refresh);
    return refresh;
  });
  return () => requestAnimationFrame(() => refreshers.forEach((refresh) => refresh()));
}
