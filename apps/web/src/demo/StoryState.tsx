import type { DemoWire } from '@holdfast/api'
import { shellWord } from '../ui/shell-quote.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Command } from '../ui/Copy.tsx'
import { STATE_WORDS, titleOf } from './words.ts'

type StoryStateProps = { readonly story: DemoWire['stories'][number] }

/** How far a story is, unless it is told. One that was not told opens and says why, and what tells it again. */
export function StoryState({ story }: StoryStateProps) {
  const { state, detail, name } = story
  const { badge, text } = STATE_WORDS[state]
  if (state === 'told') return null
  if (state !== 'failed' && state !== 'left-out')
    return (
      <span className={`badge ${badge}`} title={detail}>
        {text}
      </span>
    )
  return (
    <details className="inline-block max-w-full align-top">
      <summary
        className={`badge my-[3px] cursor-pointer list-none ${badge}`}
        aria-label={`${titleOf(story)} ${text}: why`}
      >
        {text} <span aria-hidden="true">▾</span>
      </summary>
      <div className="mt-1 flex max-w-xl flex-col gap-1">
        <Untrusted text={detail === '' ? 'no reason was told' : detail} />
        {state === 'failed' && (
          <Command
            text={`npm run -s holdfast -- demo --only ${shellWord(name)}`}
            label={`the command that tells ${titleOf(story)} again`}
          />
        )}
      </div>
    </details>
  )
}
