import type { CsvCell } from '@holdfast/model'
import { useState } from 'react'
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { useKey } from '../shell/use-key.ts'
import { COPY_FORMS, copyText, type CopyFormName } from './copy-forms.ts'
import { Icon } from './Icon.tsx'
import { readWhole } from './read-whole.ts'
import { pngOf, shownPicture, svgText } from './picture.ts'

export type CopyAsProps = {
  /** The command line that shows the same. */
  readonly command: string
  /** Path of the API that answers it. */
  readonly api: string
  /** What it answered; read anew when it is copied, where not given. */
  readonly value?: unknown
  /** Rows with a head, where the table of the page is not the answer's own items. */
  readonly table?: () => readonly (readonly CsvCell[])[]
  /** Picture of the page as SVG, where it is none of its charts. */
  readonly picture?: () => string
}

type PictureForm = 'svg' | 'png'
const PICTURES: Readonly<Record<PictureForm, string>> = { svg: 'Picture, SVG', png: 'Picture, PNG' }

/** The same thing as a link, a command, a request, JSON, Markdown, CSV or a picture. */
export function CopyAs({ command, value, api, table, picture }: CopyAsProps) {
  const [isOpen, setOpen] = useState(false)
  const [said, setSaid] = useState('')
  useKey('copyAs', () => setOpen(true))
  const hasPicture = isOpen && (picture !== undefined || shownPicture() !== undefined)
  const forms = { ...COPY_FORMS, ...(hasPicture ? PICTURES : {}) }
  const answered = async (): Promise<unknown> => (value === undefined ? await readWhole(api) : value)
  const textOf = async (form: CopyFormName): Promise<string> => {
    const isOfAnswer = form === 'json' || form === 'csv' || form === 'markdown'
    return copyText(form, {
      href: location.href,
      command,
      api,
      table,
      value: isOfAnswer ? await answered() : undefined,
    })
  }
  const copy = (form: CopyFormName | PictureForm): void => {
    const name = form === 'svg' || form === 'png' ? PICTURES[form] : COPY_FORMS[form]
    const written =
      form === 'png'
        ? writeBlob('image/png', svgOf(picture).then(pngOf))
        : writeText(form === 'svg' ? svgOf(picture) : textOf(form))
    written.then(
      () => setSaid(`${name} copied`),
      (fault: unknown) => setSaid(`not copied: ${fault instanceof Error ? fault.message : String(fault)}`),
    )
  }
  return (
    <>
      <MenuTrigger isOpen={isOpen} onOpenChange={setOpen}>
        <Button className="button">
          <Icon name="copy" />
          <span className="max-sm:sr-only">Copy as</span>
        </Button>
        <Popover placement="bottom end">
          <Menu
            className="menu"
            aria-label="Copy as"
            onAction={(key) => copy(key as keyof typeof forms)} // the ids below
          >
            {Object.entries(forms).map(([id, name]) => (
              <MenuItem key={id} id={id} className="menu-item">
                {name}
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
      <output className={said === '' ? 'sr-only' : 'text-faint'}>{said}</output>
    </>
  )
}

async function svgOf(picture: (() => string) | undefined): Promise<string> {
  if (picture !== undefined) return picture()
  const shown = shownPicture()
  if (shown === undefined) throw new Error('the page shows no picture')
  return svgText(shown)
}

async function writeText(text: Promise<string>): Promise<void> {
  await navigator.clipboard.writeText(await text)
}

/** Handed over as a promise: a browser that lets go of the click before the picture is made would refuse it. */
async function writeBlob(type: string, blob: Promise<Blob>): Promise<void> {
  await navigator.clipboard.write([new ClipboardItem({ [type]: blob })])
}
