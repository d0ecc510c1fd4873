// The dossier in the making, without the page: what was chosen, counted and typed so far.
export const STEPS = 5;

const PERSON_ONLY = ['id_number', 'born'];
const ORGANISATION_ONLY = ['tax_code'];
const STEP_OF = { procedure: 1, department: 1, components: 2, channel: 3, delivery: 3 };
const APPLICANT = ['kind', 'name', 'id_number', 'tax_code', 'phone', 'email', 'address', 'born'];

export function newDraft(ticket) {
  return {
    ticket,
    procedure: null,
    papers: [],
    applicant: { kind: 'person' },
    channel: 'in_person',
    delivery: 'counter',
    answers: {},
    preview: null,
    step: 1,
    reached: 1,
    touched: false,
  };
}

export function choose(draft, procedure) {
  draft.procedure = procedure;
  draft.papers = procedure.components.map((component) => ({
    name: component.name,
    condition: component.condition,
    wanted: { originals: component.originals, copies: component.copies },
    given: { originals: 0, copies: 0 },
  }));
  draft.answers = {};
  for (const field of procedure.intake_fields) {
    if (field.default !== null && field.default !== undefined) draft.answers[field.key] = field.default;
  }
  draft.preview = null;
  draft.reached = Math.min(draft.reached, 2);
}

const unmet = (paper) =>
  paper.given.originals < paper.wanted.originals || paper.given.copies < paper.wanted.copies;

export const isComplete = (paper) => !unmet(paper);

/** Papers every dossier of the procedure needs and this one lacks; conditional ones are listed apart. */
export function missing(draft) {
  const lacking = draft.papers.filter(unmet);
  return {
    required: lacking.filter((paper) => !paper.condition).map((paper) => paper.name),
    conditional: lacking.filter((paper) => paper.condition),
  };
}

export function giveAll(paper, all = true) {
  paper.given = all ? { ...paper.wanted } : { originals: 0, copies: 0 };
}

/** The body of POST /dossiers/preview. */
export function previewBody(draft) {
  return {
    procedure: draft.procedure.key,
    department: draft.procedure.department,
    answers: draft.answers,
    channel: draft.channel,
  };
}

/** The body of POST /dossiers; empty and foreign fields of the applicant are left out. */
export function receiveBody(draft) {
  const foreign = draft.applicant.kind === 'person' ? ORGANISATION_ONLY : PERSON_ONLY;
  const applicant = {};
  for (const [key, value] of Object.entries(draft.applicant)) {
    if (!foreign.includes(key) && value.trim() !== '') applicant[key] = value.trim();
  }
  const body = {
    ...previewBody(draft),
    delivery: draft.delivery,
    applicant,
    components: draft.papers.map((paper) => ({ name: paper.name, ...paper.given })),
  };
  if (draft.ticket) body.ticket = draft.ticket.id;
  return body;
}

/** Where on the form a refusal belongs: {step, field}; field null when it concerns the whole dossier. */
export function placeOf(error, draft) {
  const field = error.fields && typeof error.fields.field === 'string' ? error.fields.field : null;
  const name = field && field.split('.').pop();
  if (!name) return { step: draft.step, field: null };
  if (APPLICANT.includes(name)) return { step: 3, field: name };
  if (name in STEP_OF) return { step: STEP_OF[name], field: name };
  if (draft.procedure && draft.procedure.intake_fields.some((asked) => asked.key === name)) {
    return { step: 4, field: name };
  }
  return { step: draft.step, field: null };
}
