import { Untrusted } from '../text/Untrusted.tsx'
import { CommandText } from './CommandText.tsx'
import { Command, CopyButton } from './Copy.tsx'
import { remedyParts } from './remedy-parts.ts'

type RemedyProps = {
  readonly text: string
  /** What it mends, for those who do not see it. */
  readonly label: string
}

/** What to do about something: a command as a block, a sentence as one, each with what is to be typed ready to be copied. */
export function Remedy({ text, label }: RemedyProps) {
  const parts = remedyParts(text)
  const [only] = parts
  if (only?.kind === 'code' && parts.length === 1) return <Command text={only.text} label={label} />
  return (
    <span>
      <span className="text-faint">fix: </span>
      <TypedWords text={text} label={label} />
    </span>
  )
}

/** Words of the server, what is to be typed in them ready to be copied. */
export function TypedWords({ text, label }: RemedyProps) {
  return remedyParts(text).map((part, at) =>
    part.kind === 'words' ? (
      <Untrusted key={at} text={part.text} />
    ) : (
      <span key={at} className="inline-flex max-w-full items-center rounded bg-sunken pl-1 align-middle">
        <code>
          <CommandText text={part.text} />
        </code>
        <CopyButton text={part.text} label={label} />
      </span>
    ),
  )
}
