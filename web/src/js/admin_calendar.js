// A year of links becomes one stop for the Tab key: arrows walk from day to day, Shift takes a range.
import { find, findAll } from './lib/dom.js';

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

function walk(year) {
  const days = findAll('a[data-day]', year);
  const start = find('.day--asked', year) || find('[aria-current="date"]', year) || days[0];
  const stopAt = (day) => {
    days.forEach((each) => (each.tabIndex = each === day ? 0 : -1));
  };
  stopAt(start);

  year.addEventListener('keydown', (event) => {
    const at = days.indexOf(event.target);
    if (at < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    const month = (step) => days[at].dataset.day.slice(5, 7) * 1 - 1 + step;
    const inMonth = (wanted) => days.filter((day) => Number(day.dataset.day.slice(5, 7)) === wanted + 1);
    let to = null;
    if (event.key in STEPS) to = days[at + STEPS[event.key]];
    else if (event.key === 'Home') to = inMonth(month(0))[0];
    else if (event.key === 'End') to = inMonth(month(0)).pop();
    else if (event.key === 'PageUp') to = inMonth(month(-1))[0];
    else if (event.key === 'PageDown') to = inMonth(month(1))[0];
    else if (event.key === ' ') {
      event.preventDefault();
      choose(event.target, event.shiftKey);
      return;
    } else return;
    event.preventDefault();
    if (!to) return;
    stopAt(to);
    to.focus();
  });

  year.addEventListener('click', (event) => {
    const day = event.target.closest('a[data-day]');
    if (!day || event.ctrlKey || event.metaKey) return;
    event.preventDefault(); // without this script the link brings the same page with the day in the form
    choose(day, event.shiftKey);
  });

  function choose(day, range) {
    const first = find('#f-first');
    const last = find('#f-last');
    const chosen = day.dataset.day;
    if (range && first.value) {
      [first.value, last.value] = [first.value, chosen].sort();
    } else {
      first.value = chosen;
      last.value = '';
    }
    stopAt(day);
    paint(days);
  }
}

function paint(days) {
  const first = find('#f-first').value;
  const last = find('#f-last').value || first;
  days.forEach((day) => day.classList.toggle('day--chosen', day.dataset.day >= first && day.dataset.day <= last));
}

function printing() {
  const button = find('#print');
  if (!button) return;
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}

const year = find('#year');
if (year && find('#change')) {
  walk(year);
  const days = findAll('a[data-day]', year);
  ['#f-first', '#f-last'].forEach((name) => find(name).addEventListener('input', () => paint(days)));
  paint(days);
}
printing();
