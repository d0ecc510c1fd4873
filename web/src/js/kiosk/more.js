/** Several services in one visit: further places are added to the number before it is taken. */
import { find, make, put, say } from '../lib/dom.js';
import { departmentTitle } from './lists.js';
import { thenWords } from './note.js';
import { t } from './words.js';

const MOST_FURTHER = 4;

const isChosen = (visit, department) => visit.then.some((other) => other.line.id === department.line.id);

/** The offices that may follow the one chosen first. */
export const furtherOffices = (visit, menu) =>
  menu.departments.filter((department) => department.line.open && department.line.id !== visit.department.line.id);

/** The line under the reasons: what follows, and the way to add to it. */
export function drawFurther(visit, menu) {
  const row = find('#more-row');
  row.hidden = menu.offline || visit.nextDay || furtherOffices(visit, menu).length === 0;
  say(find('#more-then'), visit.then.length ? thenWords(visit.then.map((one) => ({ title: departmentTitle(one, menu) }))) : '');
}

function further(department, visit, menu, onChange) {
  const on = isChosen(visit, department);
  const full = !on && visit.then.length >= MOST_FURTHER;
  const order = visit.then.findIndex((other) => other.line.id === department.line.id) + 1;
  return make(
    'li',
    {},
    make(
      'button',
      {
        type: 'button',
        class: `tile ${on ? 'tile--chosen' : ''}`,
        'data-line': department.line.id,
        'aria-pressed': String(on),
        'aria-disabled': full ? 'true' : null,
        onclick: () => {
          if (full) return;
          visit.then = on ? visit.then.filter((other) => other.line.id !== department.line.id) : [...visit.then, department];
          onChange();
        },
      },
      make('span', { class: 'letter', 'aria-hidden': 'true' }, on ? String(order) : department.line.prefix),
      make('span', { class: 'tile__words' }, make('span', { class: 'tile__title' }, departmentTitle(department, menu)), full && [' ', make('span', { class: 'tile__wait' }, t('more_full'))]),
    ),
  );
}

export function drawMore(visit, menu) {
  const list = find('#more-list');
  const redraw = (line) => {
    drawMore(visit, menu);
    const again = line && find(`[data-line="${line}"]`, list);
    if (again) again.focus({ preventScroll: true });
  };
  put(list, furtherOffices(visit, menu).map((department) => further(department, visit, menu, () => redraw(department.line.id))));
}
