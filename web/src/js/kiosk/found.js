/** The list under the search field, and the sentence over it. */
import { find, put, say } from '../lib/dom.js';
import { departmentRow, procedureRow } from './lists.js';
import { t } from './words.js';

/** `found` is what the index gave for `typed`; the rest is what the rows need. */
export function drawFound(found, typed, { menu, stale, chooseDepartment, chooseProcedure }) {
  put(
    find('#results'),
    found.map(({ department, procedure }) =>
      procedure ? procedureRow(procedure, department, menu, chooseProcedure, true) : departmentRow(department, menu, stale, chooseDepartment),
    ),
  );
  let words = t('search_help');
  if (typed && found.length) words = t('search_found', { n: found.length });
  else if (typed) words = `${t('search_none', { query: typed })} ${t('search_none_help')}`;
  say(find('#found'), words);
}
