import type { Answer } from '@holdfast/api'

export type Row = Answer<'getAuditRow'>
export type RowItem = Row['items'][number]
export type Layer = Row['layers'][number]

export const LAYER_NAMES: Readonly<Record<Layer['layer'], string>> = {
  prompt: 'Prompt',
  tools: 'Tools',
  egress: 'Egress',
  kernel: 'Kernel',
}

export const STATE_BADGES: Readonly<Record<Layer['state'], string>> = {
  complete: 'badge-good',
  partial: 'badge-warn',
  absent: 'badge-bad',
  constrained: 'badge-info',
}

export const STATE_WORDS: Readonly<Record<Layer['state'], string>> = {
  complete: 'complete',
  partial: 'partial',
  absent: 'absent',
  constrained: 'constrained by provider',
}

export const SUBJECT_WORDS: Readonly<Record<Row['about']['kind'], string>> = {
  violation: 'violation of a policy',
  incident: 'incident',
  event: 'act',
}
