import type { DemoWire } from '@holdfast/api'

type Story = DemoWire['stories'][number]

/** How far a story is, as it stands on a badge. */
export const STATE_WORDS: Readonly<Record<Story['state'], { readonly badge: string; readonly text: string }>> = {
  waiting: { badge: '', text: 'waiting' },
  past: { badge: 'badge-info', text: 'quiet weeks' },
  acting: { badge: 'badge-info', text: 'acting' },
  judging: { badge: 'badge-info', text: 'being judged' },
  told: { badge: 'badge-good', text: 'told' },
  failed: { badge: 'badge-bad', text: 'failed' },
  'left-out': { badge: 'badge-warn', text: 'left out' },
}

const TITLES: Readonly<Record<string, string>> = {
  'sanctioned-bucket': 'Sanctioned bucket',
  'refund-agent': 'Refund agent',
  'benign-rollout': 'Benign rollout',
  'six-events-b': 'Escape',
  'batch-extractor': 'Batch extractor',
}

/** What a story is called on a page: those of the demo by their titles, another by its name. */
export function titleOf({ name }: Pick<Story, 'name'>): string {
  return TITLES[name] ?? name
}

/** How many stories are told, and whether one still goes on. */
export function progressOf(stories: readonly Story[]): { readonly told: number; readonly isRunning: boolean } {
  return {
    told: stories.filter(({ state }) => state === 'told').length,
    isRunning: stories.some(({ state }) => ['waiting', 'past', 'acting', 'judging'].includes(state)),
  }
}
