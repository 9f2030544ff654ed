import { useState } from 'react'

type TimeHandleProps = {
  readonly label: string
  /** What an empty handle stands for. */
  readonly none: string
  /** RFC 3339 in UTC. */
  readonly value: string | undefined
  readonly onChange: (value: string | undefined) => void
}

/** An instant to the second in UTC. It is in the address, so that a link shows the same. */
export function TimeHandle({ label, none, value, onChange }: TimeHandleProps) {
  const [text, setText] = useState(fieldText(value))
  const [known, setKnown] = useState(value)
  // The address was changed elsewhere: a link, or the back button.
  if (value !== known) {
    setKnown(value)
    setText(fieldText(value))
  }
  const commit = (next: string): void => {
    const instant = next === '' ? undefined : `${next.length === 16 ? `${next}:00` : next.slice(0, 19)}Z`
    if (instant !== value) onChange(instant)
  }
  return (
    <label className="flex flex-col gap-1 text-soft">
      {label}
      <span className="flex items-center gap-2">
        <input
          type="datetime-local"
          step={1}
          className="field w-56"
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            // A field that is being typed in says nothing until it is whole.
            if (event.target.value !== '' && !Number.isNaN(Date.parse(`${event.target.value}Z`)))
              commit(event.target.value)
          }}
        />
        {value === undefined ? (
          <span className="text-faint">{none}</span>
        ) : (
          <button type="button" className="button button-quiet" onClick={() => onChange(undefined)}>
            {none}
          </button>
        )}
      </span>
    </label>
  )
}

function fieldText(value: string | undefined): string {
  return value === undefined ? '' : value.replace(/(?:\.\d+)?Z$/, '')
}
