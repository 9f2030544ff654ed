import { parseInstant, parseUnixNano, type ParsedInstant, type UnixNano } from '@holdfast/model'
import { useId, useState } from 'react'

type WhenFieldProps = {
  readonly label: string
  readonly value: string | undefined
  readonly onChange: (value: string | undefined) => void
}

/** An instant in any form; says what it understood, and asks for a zone where none was given. */
export function WhenField({ label, value = '', onChange }: WhenFieldProps) {
  const [text, setText] = useState(value)
  const [known, setKnown] = useState(value)
  const note = useId()
  if (value !== known) {
    setKnown(value)
    setText(value)
  }
  const parsed = text.trim() === '' ? undefined : parseInstant(text, { now: now() })
  const commit = (): void => {
    if (text === value) return
    if (parsed === undefined) onChange(undefined)
    else if (parsed.status === 'ok') onChange(text.trim())
  }
  return (
    <div className="flex flex-col gap-0.5">
      <input
        className="field w-52"
        aria-label={label}
        aria-invalid={parsed !== undefined && parsed.status !== 'ok'}
        aria-describedby={note}
        placeholder={`${label}: 2h ago, 14:32Z, epoch …`}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit()
        }}
      />
      <p id={note} className="max-w-72 text-xs text-faint">
        <Reading parsed={parsed} onUtc={(inUtc) => onChange(inUtc)} />
      </p>
    </div>
  )
}

type ReadingProps = { readonly parsed: ParsedInstant | undefined; readonly onUtc: (inUtc: string) => void }

function Reading({ parsed, onUtc }: ReadingProps) {
  if (parsed === undefined) return null
  switch (parsed.status) {
    case 'ok':
      return <output>{parsed.understood}</output>
    case 'needs-zone':
      return (
        <span className="text-warn">
          In which zone?{' '}
          <button type="button" className="link" onClick={() => onUtc(parsed.inUtc)}>
            Take it as UTC
          </button>
        </span>
      )
    case 'bad':
      return <span className="text-bad">{parsed.reason}</span>
  }
}

function now(): UnixNano {
  return parseUnixNano(BigInt(Date.now()) * 1_000_000n) ?? (0n as UnixNano) // 0 is a time
}
