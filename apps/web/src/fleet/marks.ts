import type { FleetMark } from '@holdfast/api'

type MarkWords = {
  readonly text: string
  /** What it means, for a title. */
  readonly says: string
  /** Told apart by sign first and by hue second. */
  readonly sign: string
  readonly badge: '' | 'badge-good' | 'badge-warn' | 'badge-bad' | 'badge-info'
}

/** How each mark of an agent is written and drawn. */
export const MARKS: Readonly<Record<FleetMark, MarkWords>> = {
  incident: { text: 'incident open', says: 'an incident of it is open', sign: '!', badge: 'badge-bad' },
  contained: { text: 'contained', says: 'it is held now', sign: '■', badge: 'badge-bad' },
  contaminated: {
    text: 'contaminated',
    says: 'a time is taken out of its profile',
    sign: '◩',
    badge: 'badge-warn',
  },
  'non-convergent': {
    text: 'non-convergent',
    says: 'its behaviour does not settle: entries age instead',
    sign: '∿',
    badge: 'badge-warn',
  },
  silent: {
    text: 'silent',
    says: 'a live agent of whom nothing was recorded for a day',
    sign: '∅',
    badge: 'badge-warn',
  },
  observing: { text: 'observing', says: 'its behaviour has not settled yet', sign: '◔', badge: 'badge-info' },
  converged: { text: 'converged', says: 'its behaviour has settled', sign: '●', badge: 'badge-good' },
  'no-profile': { text: 'no profile', says: 'nothing to profile was seen', sign: '○', badge: '' },
  unread: { text: 'not read yet', says: 'its profile is being read', sign: '…', badge: '' },
  'capture-off': {
    text: 'capture off',
    says: 'none of its contents was captured',
    sign: '⊘',
    badge: 'badge-warn',
  },
  'own-word': { text: 'own word only', says: 'only the agent itself tells of it', sign: '“', badge: '' },
  shadow: { text: 'shadow', says: 'calls a model, and nobody declares it', sign: '?', badge: 'badge-bad' },
}
