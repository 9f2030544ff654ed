/** One row of the keyboard: what is pressed, what it does, and where. */
export type KeyBinding = {
  readonly keys: string
  readonly act: string
  readonly group: 'everywhere' | 'lists' | 'conversation' | 'time'
  /** A letter or sign without a modifier: it can be turned off (WCAG 2.1.4). */
  readonly single: boolean
}

/** The one table behind the bindings, the `?` dialog and the documentation. Nothing here changes or contains anything. */
export const KEYS = {
  palette: { keys: 'mod+k', act: 'open the palette', group: 'everywhere', single: false },
  search: { keys: '/', act: 'search: open any id', group: 'everywhere', single: true },
  help: { keys: '?', act: 'show these keys', group: 'everywhere', single: true },
  agents: { keys: 'g>a', act: 'go to agents', group: 'everywhere', single: true },
  incidents: { keys: 'g>i', act: 'go to incidents', group: 'everywhere', single: true },
  fleet: { keys: 'g>f', act: 'go to the fleet', group: 'everywhere', single: true },
  drift: { keys: 'g>d', act: 'go to drift', group: 'everywhere', single: true },
  hunt: { keys: 'g>h', act: 'go to the hunt', group: 'everywhere', single: true },
  policies: { keys: 'g>p', act: 'go to policies', group: 'everywhere', single: true },
  bom: { keys: 'g>b', act: 'go to what the agent of this page is made of', group: 'everywhere', single: true },
  tail: { keys: 'g>t', act: 'go to the live tail', group: 'everywhere', single: true },
  integrity: { keys: 'g>l', act: 'go to the log and its integrity', group: 'everywhere', single: true },
  copyLink: { keys: 'y', act: 'copy a link to this view', group: 'everywhere', single: true },
  down: { keys: 'j', act: 'next row', group: 'lists', single: true },
  up: { keys: 'k', act: 'previous row', group: 'lists', single: true },
  open: { keys: 'o', act: 'open the row (or Enter)', group: 'lists', single: true },
  mark: { keys: 'x', act: 'mark the row', group: 'lists', single: true },
  collapse: { keys: '[', act: 'collapse', group: 'lists', single: true },
  expand: { keys: ']', act: 'expand', group: 'lists', single: true },
  trigger: { keys: 'p', act: 'trigger path: what set the selected step off', group: 'conversation', single: true },
  reach: { keys: 'r', act: 'reach: what the selected step led to', group: 'conversation', single: true },
  forward: { keys: 'f', act: 'next step on the trigger path', group: 'conversation', single: true },
  back: { keys: 'b', act: 'previous step on the trigger path', group: 'conversation', single: true },
  twin: { keys: 't', act: 'table twin, and back', group: 'conversation', single: true },
  pan: {
    keys: 'arrowup|arrowdown|arrowleft|arrowright',
    act: 'pan the graph',
    group: 'conversation',
    single: false,
  },
  zoomIn: { keys: '+', act: 'zoom in', group: 'conversation', single: true },
  zoomOut: { keys: '-', act: 'zoom out', group: 'conversation', single: true },
  stepBack: { keys: ',', act: 'step back in time', group: 'time', single: true },
  stepForward: { keys: '.', act: 'step forward in time', group: 'time', single: true },
  play: { keys: 'space', act: 'play from here, or pause', group: 'time', single: true },
  seal: { keys: 'e', act: 'seal the evidence of the incident', group: 'everywhere', single: true },
  copyAs: { keys: 'c', act: 'copy as', group: 'everywhere', single: true },
  close: { keys: 'escape', act: 'close the pane, then the path', group: 'conversation', single: false },
} as const satisfies Record<string, KeyBinding>

export type KeyName = keyof typeof KEYS

/** Headings of the table, in the order in which they are shown. */
export const KEY_GROUPS: readonly (readonly [KeyBinding['group'], string])[] = [
  ['everywhere', 'Everywhere'],
  ['lists', 'Lists and trees'],
  ['conversation', 'A conversation'],
  ['time', 'Time'],
]

/** `g then a`, `Ctrl K`: the keys as they are printed. */
export function printKeys(keys: string, isMac: boolean): readonly string[] {
  if (keys === 'mod+k') return [isMac ? '⌘' : 'Ctrl', 'K']
  if (keys === 'escape') return ['Esc']
  if (keys === 'space') return ['Space']
  if (keys.startsWith('arrow')) return ['← ↑ ↓ →']
  return keys.split('>')
}
