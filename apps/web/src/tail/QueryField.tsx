import { askedOfStream } from '@holdfast/api'
import { useState } from 'react'

type QueryFieldProps = { readonly value: string | undefined; readonly onChange: (q: string | undefined) => void }

/** A query of the hunt for what comes; asked with Enter, once it can be read. */
export function QueryField({ value = '', onChange }: QueryFieldProps) {
  const [text, setText] = useState(value)
  const [known, setKnown] = useState(value)
  // The address was changed elsewhere: a link, or the back button.
  if (value !== known) {
    setKnown(value)
    setText(value)
  }
  const asked = askedOfStream(text)
  const fault = asked.status === 'bad' ? asked.reason : ''
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (fault === '') onChange(text.trim() === '' ? undefined : text.trim())
      }}
    >
      <input
        type="search"
        className="field mono w-72"
        aria-label="Query"
        aria-invalid={fault !== ''}
        title={fault}
        placeholder="tool:wire_refund -agent:billing"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {fault !== '' && (
        <span role="alert" className="block max-w-72 text-bad">
          {fault}
        </span>
      )}
    </form>
  )
}
