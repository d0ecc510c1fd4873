// Step 4, second half: the questions that fees and terms hang on, and what they come to.
import { number } from '../lib/format.js';
import { titleOf } from './names.js';
import { byId, clear, make, say, show, write } from './view.js';

const FEW = 4;
const SHORT = 48; // letters of all choices together that stay in one row; more read better in a list
const NOT_ANSWERED = null; // refused by the server, which would take the usual answer for one left out
const MOST_DIGITS = 15; // more than that a number no longer holds exactly

export function drawAnswers(draft, texts, onChange) {
  const place = clear(byId('answers'));
  for (const field of draft.procedure.intake_fields) {
    const draw = { count, amount }[field.kind] || choice;
    const control = draw(field, draft, onChange, texts);
    const problem = make('p', 'field__error');
    problem.dataset.error = `answers.${field.key}`;
    problem.hidden = true;
    control.append(problem);
    place.append(control);
  }
}

function choice(field, draft, onChange, texts) {
  const yesNo = field.kind === 'yes_no';
  const options = yesNo ? [['yes', texts.yes], ['no', texts.no]] : field.choices;
  const read = (key) => (yesNo ? key === 'yes' : key);
  const taken = yesNo && draft.answers[field.key] === undefined ? false : draft.answers[field.key];
  const letters = options.reduce((sum, [, title]) => sum + title.length, 0);
  if (!yesNo && (options.length > FEW || letters > SHORT)) return select(field, options, taken, draft, onChange);

  const group = make('fieldset', 'pills');
  group.append(make('legend', '', titleOf(field)));
  const row = make('div', 'pills__row');
  for (const [key, title] of options) {
    const label = make('label', 'pill');
    const radio = make('input');
    radio.type = 'radio';
    radio.name = `answer-${field.key}`;
    radio.checked = taken === read(key);
    radio.addEventListener('change', () => {
      draft.answers[field.key] = read(key);
      onChange();
    });
    label.append(radio, make('span', '', title));
    row.append(label);
  }
  group.append(row);
  return group;
}

function select(field, options, taken, draft, onChange) {
  const box = make('select');
  if (taken === undefined) box.append(new Option('', ''));
  for (const [key, title] of options) box.append(new Option(title, key, false, key === taken));
  box.addEventListener('change', () => {
    draft.answers[field.key] = box.value;
    onChange();
  });
  return labelled(field, box, 'field field--choice');
}

function count(field, draft, onChange) {
  const input = make('input');
  input.type = 'number';
  input.inputMode = 'numeric';
  if (Number.isInteger(field.minimum)) input.min = field.minimum;
  if (Number.isInteger(field.maximum)) input.max = field.maximum;
  const value = draft.answers[field.key];
  input.value = value === undefined ? '' : value;
  input.addEventListener('input', () => {
    draft.answers[field.key] = input.value === '' ? NOT_ANSWERED : Number(input.value);
    onChange();
  });
  return labelled(field, input, 'field field--count');
}

/** Whole đồng, with the dots of thousands while one types. */
function amount(field, draft, onChange) {
  const input = make('input');
  input.type = 'text';
  input.inputMode = 'numeric';
  input.autocomplete = 'off';
  const value = draft.answers[field.key];
  input.value = value === undefined ? '' : number(value);
  input.addEventListener('input', () => {
    const fromEnd = input.value.length - input.selectionEnd;
    const digits = input.value.replace(/\D/g, '').slice(0, MOST_DIGITS);
    input.value = digits ? number(Number(digits)) : '';
    const place = Math.max(0, input.value.length - fromEnd);
    input.setSelectionRange(place, place);
    draft.answers[field.key] = digits ? Number(digits) : NOT_ANSWERED;
    onChange();
  });
  return labelled(field, input, 'field field--amount');
}

function labelled(field, control, className) {
  const wrap = make('div', className);
  control.id = `answer-${field.key}`;
  const label = make('label', 'field__label', titleOf(field));
  control.className = 'field__input';
  label.htmlFor = control.id;
  wrap.append(label, control);
  return wrap;
}

/** The sum under the answers it hangs on; its lines stand in the right column. */
export function drawFees(draft, words) {
  const fees = draft.preview && draft.preview.fees;
  write(byId('fee-total'), fees ? words.money(fees.total) : '');
  show(byId('fees-sum'), Boolean(fees && fees.lines.length));
  show(byId('fees-none'), Boolean(fees && !fees.lines.length));
}

export const feesTrouble = (text) => say(byId('fees-trouble'), text);
