// Step 4: the questions that fees and terms hang on, and the fee lines with their legal basis.
import { titleOf } from './queue.js';
import { byId, clear, make, say, show, write } from './view.js';

const FEW = 4;

export function drawAnswers(draft, texts, onChange) {
  const place = clear(byId('answers'));
  for (const field of draft.procedure.intake_fields) {
    const control = field.kind === 'count' ? count(field, draft, onChange) : choice(field, draft, texts, onChange);
    const problem = make('p', 'field__error');
    problem.dataset.error = field.key;
    problem.hidden = true;
    control.append(problem);
    place.append(control);
  }
}

function choice(field, draft, texts, onChange) {
  const yesNo = field.kind === 'yes_no';
  const options = yesNo ? [['yes', texts.yes], ['no', texts.no]] : field.choices;
  const read = (key) => (yesNo ? key === 'yes' : key);
  const taken = yesNo && draft.answers[field.key] === undefined ? false : draft.answers[field.key];
  if (options.length > FEW) return select(field, options, taken, draft, onChange);

  const group = make('fieldset', options.length > 2 ? 'pills pills--wide' : 'pills');
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
  return labelled(field, box, 'field');
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
    if (input.value === '') delete draft.answers[field.key];
    else draft.answers[field.key] = Number(input.value);
    onChange();
  });
  return labelled(field, input, 'field field--count');
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

export function drawFees(draft, texts, words) {
  const fees = draft.preview ? draft.preview.fees : { lines: [], total: 0 };
  const body = clear(byId('fee-rows'));
  for (const line of fees.lines) {
    const row = make('tr');
    const name = make('th', 'fees__case');
    name.scope = 'row';
    name.append(make('span', '', line.case), make('small', 'fees__kind', texts.feeKinds[line.kind] || ''));
    if (line.legal_basis) name.append(make('small', 'fees__basis', line.legal_basis));
    row.append(name);
    for (const value of [words.money(line.amount), line.quantity, words.money(line.total)]) {
      row.append(make('td', 'num', value));
    }
    body.append(row);
  }
  write(byId('fee-total'), words.money(fees.total));
  show(byId('fees-table-wrap'), fees.lines.length > 0);
  show(byId('fees-none'), Boolean(draft.preview) && fees.lines.length === 0);
}

export const feesTrouble = (text) => say(byId('fees-trouble'), text);
