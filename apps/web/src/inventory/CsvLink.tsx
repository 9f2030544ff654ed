import { Icon } from '../ui/Icon.tsx'

type CsvLinkProps = {
  readonly name: string
  readonly text: () => string
}

/** Saves the table as CSV: the same rows, whole. */
export function CsvLink({ name, text }: CsvLinkProps) {
  const save = (): void => {
    const url = URL.createObjectURL(new Blob([text()], { type: 'text/csv' }))
    const link = document.createElement('a')
    link.href = url
    link.download = `${name.replaceAll(/[^\w.-]+/g, '_')}.csv`
    link.click()
    URL.revokeObjectURL(url)
  }
  return (
    <button type="button" className="button" onClick={save}>
      <Icon name="copy" />
      CSV
    </button>
  )
}
