import { codePointMark, visibleText } from '@holdfast/model'
import { useState, type ReactNode } from 'react'
import { CommandText } from './CommandText.tsx'
import { Icon } from './Icon.tsx'
import { Scrollable } from './Scrollable.tsx'
import { inertLine } from '../text/inert.ts'

type CopyProps = {
  readonly text: string
  /** What is copied, for those who do not see the icon. */
  readonly label: string
  readonly children?: ReactNode
}

/** Copies `text` and says that it did. What a terminal would obey is marked in it: a name that a sender chose may be in any. */
export function CopyButton({ text, label, children }: CopyProps) {
  const name = `Copy ${inertLine(label)}`
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle')
  const copy = (): void => {
    navigator.clipboard.writeText(pasted(text)).then(
      () => setState('copied'),
      // A browser may deny the clipboard; the text stays on screen to be selected.
      () => setState('refused'),
    )
  }
  return (
    <button
      type="button"
      className="button button-quiet"
      onClick={copy}
      onBlur={() => setState('idle')}
      title={name}
      {...(children === undefined ? { 'aria-label': name } : {})}
    >
      <Icon name={state === 'copied' ? 'check' : 'copy'} />
      {children}
      <output className={state === 'idle' ? 'sr-only' : ''}>
        {state === 'copied' ? 'Copied' : state === 'refused' ? 'The browser refused: select the text instead' : ''}
      </output>
    </button>
  )
}

/** A command or a block of settings, to be copied whole. */
export function Command({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <div className="flex items-start gap-1 rounded-md border border-line bg-sunken py-1 pr-1 pl-3">
      <Scrollable isPart label={label} className="min-w-0 flex-1 py-1">
        <pre className="leading-5 whitespace-pre-wrap">
          <CommandText text={pasted(text)} isBlock />
        </pre>
      </Scrollable>
      <CopyButton text={text} label={label} />
    </div>
  )
}

/** Lines and tabs are those of whoever wrote the block. */
function pasted(text: string): string {
  return visibleText(text, (code) =>
    code === 0x0a || code === 0x09 ? String.fromCodePoint(code) : codePointMark(code),
  )
}
