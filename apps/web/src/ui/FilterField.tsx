import { useEffect, useState } from 'react'

type FilterFieldProps = {
  readonly label: string
  readonly value: string | undefined
  readonly onChange: (value: string | undefined) => void
  readonly placeholder?: string
}

const PAUSE_MS = 250

/** A text that filters what is listed; it is in the address once typing pauses. */
export function FilterField({ label, value, onChange, placeholder }: FilterFieldProps) {
  const [text, setText] = useState(value ?? '')
  const [known, setKnown] = useState(value)
  // The address was changed elsewhere: a link, or the back button.
  if (value !== known) {
    setKnown(value)
    setText(value ?? '')
  }
  useEffect(() => {
    if (text === (value ?? '')) return undefined
    const timer = setTimeout(() => onChange(text === '' ? undefined : text), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text, value, onChange])
  return (
    <input
      type="search"
      className="field w-56 max-sm:min-w-36 max-sm:flex-1"
      aria-label={label}
      placeholder={placeholder ?? label}
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  )
}
