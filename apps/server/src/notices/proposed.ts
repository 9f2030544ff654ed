import { type Decision, RUNG_NATURE } from '@holdfast/respond'

/** What the ladder proposes, for a card: the rung, how soon, and who is asked. */
export function proposedOf({ rung, deadline, steps, row }: Decision): string {
  const approval = steps[0]?.approval
  const by =
    approval === undefined
      ? 'nobody is asked'
      : approval.kind === 'automatic'
        ? `${approval.told.join(' and ')}, or by itself where policy allows`
        : approval.roles.join(' and ')
  const when = deadline.kind === 'within' ? `within ${Math.round(deadline.ms / 1_000)} s` : deadline.kind
  return `${RUNG_NATURE[rung].code} ${rung}, ${when}, ${by} (row ${row.number}); stops ${RUNG_NATURE[rung].stops}`
}
