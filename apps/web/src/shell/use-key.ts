import { useHotkeys } from 'react-hotkeys-hook'
import { KEYS, type KeyBinding, type KeyName } from './keys.ts'
import { usePreference } from './preferences.ts'

/** Binds one row of the keyboard table while the component is shown. */
export function useKey(name: KeyName, act: () => void, isEnabled = true): void {
  const { keys, single }: KeyBinding = KEYS[name]
  const [singleKeys] = usePreference('keys')
  const isSign = keys.length === 1 && !/[a-z]/.test(keys)
  useHotkeys(keys, act, {
    enabled: isEnabled && (!single || singleKeys !== 'off'),
    preventDefault: true,
    // Signs stand on other keys, and behind Shift, on other keyboards: what they produce counts.
    ...(isSign ? { useKey: true, ignoreModifiers: true } : {}),
  })
}
