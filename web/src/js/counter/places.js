// Where on the form a refusal of the server belongs.
const STEP_OF = {
  procedure: 1,
  department: 1,
  components: 2,
  sets: 2,
  kind: 3,
  name: 3,
  id_number: 3,
  tax_code: 3,
  phone: 3,
  email: 3,
  address: 3,
  born: 3,
  channel: 4,
  delivery: 4,
  deliver_to: 4,
  postmark_on: 4,
  on_the_spot: 4,
};
const FIELD_OF_CODE = {
  unknown_component: 'components',
  sheets_out_of_range: 'components',
  not_by_post: 'channel',
  no_result_by_post: 'delivery',
  not_on_the_spot: 'on_the_spot',
  procedure_not_in_force: 'procedure',
};

/** {step, field}; field null when the refusal concerns the whole dossier, step then where the officer is. */
export function placeOf(error, draft) {
  const named = error.fields && typeof error.fields.field === 'string' ? error.fields.field : FIELD_OF_CODE[error.code];
  const field = named && named.replace(/^applicant\./, '');
  if (!field) return { step: draft.step, field: null };
  if (field.startsWith('authorised.')) return { step: 3, field };
  if (field.startsWith('answers.')) return { step: 4, field };
  if (field in STEP_OF) return { step: STEP_OF[field], field };
  return { step: draft.step, field: null };
}
