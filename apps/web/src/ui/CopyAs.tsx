import { useState } from 'react'
import { shellWord } from '@holdfast/model'
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { useKey } from '../shell/use-key.ts'
import { Icon } from './Icon.tsx'

type CopyAsProps = {
  /** The command line that shows the same. */
  readonly command: string
  /** What JSON gives. */
  readonly value: unknown
  /** Path of the API that answers it. */
  readonly api: string
}

/** The same thing as a link, a command, a request or JSON. */
export function CopyAs({ command, value, api }: CopyAsProps) {
  const [isOpen, setOpen] = useState(false)
  const [said, setSaid] = useState('')
  useKey('copyAs', () => setOpen(true))
  const forms = {
    link: { name: 'Link', text: () => location.href },
    cli: { name: 'Command line', text: () => command },
    curl: {
      name: 'curl',
      text: () => `curl -H "Authorization: Bearer $HOLDFAST_TOKEN" ${shellWord(location.origin + api)}`,
    },
    json: { name: 'JSON', text: () => JSON.stringify(value, undefined, 2) },
    markdown: { name: 'Markdown', text: () => `[Holdfast](${location.href}) · \`${command}\`` },
  }
  const copy = (form: keyof typeof forms): void => {
    navigator.clipboard.writeText(forms[form].text()).then(
      () => setSaid(`${forms[form].name} copied`),
      () => setSaid('the browser refused the clipboard'),
    )
  }
  return (
    <>
      <MenuTrigger isOpen={isOpen} onOpenChange={setOpen}>
        <Button className="button">
          <Icon name="copy" />
          Copy as
        </Button>
        <Popover placement="bottom end">
          <Menu className="menu" aria-label="Copy as" onAction={(key) => copy(key as keyof typeof forms)}>
            {Object.entries(forms).map(([id, { name }]) => (
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
