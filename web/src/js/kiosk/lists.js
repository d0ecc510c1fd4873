/** What is drawn from data: offices, procedures, search results, reasons for priority. */
import { make } from '../lib/dom.js';
import { clock, range } from '../lib/format.js';
import { t, titleOf } from './words.js';

const CLOCK = /^\d{1,2}:\d{2}$/;

/** A department's name; where it has several lines each tile carries its line's name. */
export function departmentTitle(department, menu) {
  const several = menu.departments.filter((other) => other.key === department.key).length > 1;
  return titleOf(several ? department.line : { title: department.title, title_en: department.title_en || department.line.title_en });
}

/** Why no number is given now, in few words; the hours of the line before the admin's own remark. */
function closed(line) {
  if (line.open_reason === 'holiday') return t('closed_holiday');
  if (line.open_reason === 'outside_hours') return line.opens_at ? t('opens_from', { when: clock(line.opens_at) }) : t('closed_today');
  return CLOCK.test(line.opens_again) ? t('closed_until', { when: line.opens_again }) : t('closed');
}

function waiting(line, stale) {
  if (!line.open) return closed(line);
  if (stale || line.waiting === null) return t('unknown_wait');
  if (!line.waiting) return t('nobody_waits');
  return t(line.waiting === 1 ? 'one_waits' : 'people_wait', { n: line.waiting, range: range(line.wait_minutes) });
}

/** Why a line that is closed cannot be chosen, in a sentence. */
export function closedNotice(department, menu) {
  const { open_reason: why, opens_at: opens } = department.line;
  if (why === 'outside_hours' || why === 'holiday') {
    return t(opens ? 'closed_notice_from' : 'closed_notice_today', { department: departmentTitle(department, menu), when: opens && clock(opens) });
  }
  const known = CLOCK.test(department.line.opens_again);
  return t(known ? 'closed_notice_until' : 'closed_notice', {
    department: departmentTitle(department, menu),
    when: department.line.opens_again,
  });
}

const letter = (department) => make('span', { class: 'letter', 'aria-hidden': 'true' }, department.line.prefix);

export function tile(department, menu, stale, choose) {
  const closed = !department.line.open;
  return make(
    'li',
    {},
    make(
      'button',
      { type: 'button', class: `tile ${closed ? 'tile--closed' : ''}`, 'data-line': department.line.id, 'aria-disabled': closed ? 'true' : null, onclick: () => choose(department) },
      letter(department),
      make('span', { class: 'tile__words' }, make('span', { class: 'tile__title' }, departmentTitle(department, menu)), ' ', make('span', { class: 'tile__wait' }, waiting(department.line, stale))),
    ),
  );
}

/** One procedure; `withDepartment` names its office too (search results). */
export function procedureRow(procedure, department, menu, choose, withDepartment) {
  return make(
    'li',
    {},
    make(
      'button',
      { type: 'button', class: `result ${department.line.open ? '' : 'result--closed'}`, 'data-procedure': procedure.key, onclick: () => choose(department, procedure) },
      withDepartment && letter(department),
      make(
        'span',
        { class: 'result__words' },
        make('span', { class: 'result__title', lang: 'vi' }, procedure.name),
        withDepartment && [' ', make('span', { class: 'result__place' }, departmentTitle(department, menu))],
      ),
    ),
  );
}

export function departmentRow(department, menu, stale, choose) {
  return make(
    'li',
    {},
    make(
      'button',
      { type: 'button', class: `result result--office ${department.line.open ? '' : 'result--closed'}`, onclick: () => choose(department) },
      letter(department),
      make('span', { class: 'result__words' }, make('span', { class: 'result__title' }, departmentTitle(department, menu)), ' ', make('span', { class: 'result__place' }, waiting(department.line, stale))),
    ),
  );
}

const HINTS = ['elderly', 'disability', 'pregnancy', 'merit'];

export function reason(priority, choose) {
  return make(
    'li',
    {},
    make(
      'button',
      { type: 'button', class: 'reason', 'data-priority': priority.key, onclick: () => choose(priority) },
      make('span', { class: 'reason__title' }, titleOf(priority)),
      ' ',
      HINTS.includes(priority.key) && make('span', { class: 'reason__hint' }, t(`priority_${priority.key}`)),
    ),
  );
}
