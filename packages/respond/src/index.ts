export type {
  Alternative,
  Approval,
  ChosenCut,
  Deadline,
  Decision,
  Gate,
  LadderStep,
  Overlay,
  ReceiverDuty,
} from './ladder/decision.ts'
export type { DownstreamEdge, EvidenceInHand, Harm, Known, LadderInputs, Takeover } from './ladder/inputs.ts'
export type { Clock } from './ladder/clock.ts'
export { CLOCK_MS, clockOf, harmSpeedOf } from './ladder/clock.ts'
export type { Role, Row } from './ladder/rows.ts'
export { ROWS } from './ladder/rows.ts'
export type { Cut, Family, RungNature, Verb } from './ladder/rungs.ts'
export { CUTS, FAMILIES, FAMILY_OF, RUNG_NATURE, rungHeight } from './ladder/rungs.ts'
export { evidenceCostOf } from './ladder/alternatives.ts'
export { selectRung } from './ladder/select-rung.ts'
