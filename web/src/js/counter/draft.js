// The dossier in the making, without the page: what was chosen, counted and typed so far.
export const STEPS = 5;

const KINDS = ['originals', 'certified', 'copies'];
const PERSON_ONLY = ['id_number', 'born'];
const ORGANISATION_ONLY = ['tax_code'];
const NOTHING = { originals: 0, certified: 0, copies: 0 };

export function newDraft(ticket) {
  return {
    ticket,
    procedure: null,
    papers: [],
    sets: 1,
    applicant: { kind: 'person' },
    authorised: null,
    channel: 'in_person',
    postmark: '',
    delivery: 'counter',
    onTheSpot: false,
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
    maxAge: component.max_age_months || 0,
    wanted: { originals: component.originals, copies: component.copies },
    given: { ...NOTHING },
  }));
  draft.onTheSpot = false;
  draft.answers = {};
  for (const field of procedure.intake_fields) {
    if (field.default !== null && field.default !== undefined) draft.answers[field.key] = field.default;
  }
  draft.preview = null;
  draft.reached = Math.min(draft.reached, 2);
}

/** What of a paper is still lacking; a certified copy and a spare original stand for a copy, as the server reckons. */
export function lackOf(paper) {
  const spare = paper.given.originals - paper.wanted.originals;
  const copies = paper.given.copies + paper.given.certified + Math.max(spare, 0);
  return { originals: Math.max(0, -spare), copies: Math.max(0, paper.wanted.copies - copies) };
}

export function isComplete(paper) {
  const lack = lackOf(paper);
  return lack.originals + lack.copies === 0;
}

export const isStarted = (paper) => KINDS.some((kind) => paper.given[kind] > 0);

/** Papers every dossier of the procedure needs and this one lacks; conditional ones are listed apart. */
export function missing(draft) {
  const lacking = draft.papers.filter((paper) => !isComplete(paper));
  return {
    required: lacking.filter((paper) => !paper.condition),
    conditional: lacking.filter((paper) => paper.condition),
  };
}

export function giveAll(paper, all = true) {
  paper.given = all ? { ...NOTHING, ...paper.wanted } : { ...NOTHING };
}

/** Gives every paper that every dossier needs; whether a conditional one applies is for the officer to say. */
export function giveRequired(draft) {
  for (const paper of draft.papers) {
    if (!paper.condition && !isComplete(paper)) giveAll(paper);
  }
}

/** Whether the day of the postmark decides when the clock starts. */
export const needsPostmark = (draft) =>
  draft.channel === 'post' && Boolean(draft.procedure) && draft.procedure.clock_start === 'postmark';

const tidy = (record, without = []) =>
  Object.fromEntries(
    Object.entries(record)
      .filter(([key, value]) => !without.includes(key) && value.trim() !== '')
      .map(([key, value]) => [key, value.trim()]),
  );

/** The body of POST /dossiers/preview. */
export function previewBody(draft) {
  const body = {
    procedure: draft.procedure.key,
    department: draft.procedure.department,
    answers: draft.answers,
    channel: draft.channel,
  };
  if (needsPostmark(draft) && draft.postmark) body.postmark_on = draft.postmark;
  return body;
}

/** Who applies, without empty and foreign fields. */
function applicantOf(draft) {
  const foreign = draft.applicant.kind === 'person' ? ORGANISATION_ONLY : PERSON_ONLY;
  return tidy(draft.applicant, draft.delivery === 'post' ? foreign : [...foreign, 'deliver_to']);
}

const componentsOf = (draft) => draft.papers.map((paper) => ({ name: paper.name, ...paper.given }));

/** The body of POST /dossiers. */
export function receiveBody(draft) {
  const body = {
    ...previewBody(draft),
    delivery: draft.delivery,
    applicant: applicantOf(draft),
    components: componentsOf(draft),
    sets: draft.sets,
    on_the_spot: draft.onTheSpot,
  };
  if (draft.authorised) body.authorised = tidy(draft.authorised);
  if (draft.ticket) body.ticket = draft.ticket.id;
  return body;
}

/** The body of POST /dossiers/declined. */
export function declineBody(draft, outcome, reason) {
  const body = {
    outcome,
    reason,
    procedure: draft.procedure.key,
    department: draft.procedure.department,
    applicant: applicantOf(draft),
    components: componentsOf(draft),
  };
  if (draft.ticket) body.ticket = draft.ticket.id;
  return body;
}
