/** One row of the keyboard: what is pressed, what it does, and where. */
export type KeyBinding = {
  readonly keys: string
  readonly act: string
  readonly group: 'everywhere' | 'lists' | 'conversation'
  /** A letter or sign without a modifier: it can be turned off (WCAG 2.1.4). */
  readonly single: boolean
}
/** The one table behind the bindings, the `?` dialog and the documentation. Nothing here changes or contains anything. */
export declare const KEYS: {
  readonly palette: {
    readonly keys: 'mod+k'
    readonly act: 'open the palette'
    readonly group: 'everywhere'
    readonly single: false
  }
  readonly search: {
    readonly keys: '/'
    readonly act: 'search: open any id'
    readonly group: 'everywhere'
    readonly single: true
  }
  readonly help: {
    readonly keys: '?'
    readonly act: 'show these keys'
    readonly group: 'everywhere'
    readonly single: true
  }
  readonly agents: {
    readonly keys: 'g>a'
    readonly act: 'go to agents'
    readonly group: 'everywhere'
    readonly single: true
  }
  readonly tail: {
    readonly keys: 'g>t'
    readonly act: 'go to the live tail'
    readonly group: 'everywhere'
    readonly single: true
  }
  readonly integrity: {
    readonly keys: 'g>l'
    readonly act: 'go to the log and its integrity'
    readonly group: 'everywhere'
    readonly single: true
  }
  readonly copyLink: {
    readonly keys: 'y'
    readonly act: 'copy a link to this view'
    readonly group: 'everywhere'
    readonly single: true
  }
  readonly down: {
    readonly keys: 'j'
    readonly act: 'next row'
    readonly group: 'lists'
    readonly single: true
  }
  readonly up: {
    readonly keys: 'k'
    readonly act: 'previous row'
    readonly group: 'lists'
    readonly single: true
  }
  readonly open: {
    readonly keys: 'o'
    readonly act: 'open the row (or Enter)'
    readonly group: 'lists'
    readonly single: true
  }
  readonly collapse: {
    readonly keys: '['
    readonly act: 'collapse'
    readonly group: 'lists'
    readonly single: true
  }
  readonly expand: {
    readonly keys: ']'
    readonly act: 'expand'
    readonly group: 'lists'
    readonly single: true
  }
  readonly trigger: {
    readonly keys: 'p'
    readonly act: 'trigger path: what set the selected step off'
    readonly group: 'conversation'
    readonly single: true
  }
  readonly reach: {
    readonly keys: 'r'
    readonly act: 'reach: what the selected step led to'
    readonly group: 'conversation'
    readonly single: true
  }
  readonly forward: {
    readonly keys: 'f'
    readonly act: 'next step on the trigger path'
    readonly group: 'conversation'
    readonly single: true
  }
  readonly back: {
    readonly keys: 'b'
    readonly act: 'previous step on the trigger path'
    readonly group: 'conversation'
    readonly single: true
  }
  readonly twin: {
    readonly keys: 't'
    readonly act: 'table twin, and back'
    readonly group: 'conversation'
    readonly single: true
  }
  readonly copyAs: {
    readonly keys: 'c'
    readonly act: 'copy as'
    readonly group: 'conversation'
    readonly single: true
  }
  readonly close: {
    readonly keys: 'escape'
    readonly act: 'close the pane, then the path'
    readonly group: 'conversation'
    readonly single: false
  }
}
export type KeyName = keyof typeof KEYS
/** `g then a`, `Ctrl K`: the keys as they are printed. */
export declare function printKeys(keys: string, isMac: boolean): readonly string[]
//# sourceMappingURL=keys.d.ts.map
