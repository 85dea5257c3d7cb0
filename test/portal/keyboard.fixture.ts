import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import {
  faultOfFocus,
  holdsFocused,
  isBelowFocused,
  isFocused,
  isInGroupOfFocused,
  isInListOfFocused,
  whereFocusIs,
} from './focus.fixture.ts'
import { report } from './portal.fixture.ts'

/** More than anybody presses to get to one thing: where it takes more, the page is wrong. */
const MOST_TABS = 40
/** A dialog gives the focus back a frame after it went away. */
const SOON = { timeout: 2000 }

type Way = { back?: boolean }
export type Keyboard = ReturnType<typeof keyboardOf>

/**
 * Somebody at a page who has no mouse. Each stop of the tabulator has to be seen: with a ring, and under nothing. What is
 * done must not take the focus away: it is looked for before the next key.
 */
export function keyboardOf(page: Page) {
  const counted = { keys: 0, tabs: 0, letters: 0, mostTabs: 0 }
  let last: ({ key: string } & Awaited<ReturnType<typeof whereFocusIs>>) | undefined

  /** Another page is not the loss of a place. */
  async function keepsItsPlace(): Promise<void> {
    if (!last || last.focused === '') return
    const { key, page: before, focused } = last
    const isLost = async () => {
      const now = await page.evaluate(whereFocusIs)
      return now.page === before && now.focused === ''
    }
    await expect.poll(isLost, { ...SOON, message: `${key} on ${focused} lost the focus` }).toBe(false)
  }

  async function press(key: string): Promise<void> {
    await keepsItsPlace()
    // The tabulator may leave the page at its end.
    last = key.endsWith('Tab') ? undefined : { key, ...(await page.evaluate(whereFocusIs)) }
    counted.keys += 1
    await page.keyboard.press(key)
  }

  async function types(text: string): Promise<void> {
    counted.letters += text.length
    await page.keyboard.type(text)
  }

  const isSeen = () => expect.poll(() => page.evaluate(faultOfFocus), SOON).toBe('')

  async function reach(wanted: Locator, isThere: () => Promise<boolean>, { back = false }: Way = {}): Promise<void> {
    await wanted.waitFor()
    await keepsItsPlace()
    for (let tabs = 0; tabs <= MOST_TABS; tabs += 1) {
      if (tabs > 0) await isSeen()
      counted.mostTabs = Math.max(counted.mostTabs, tabs)
      if (await isThere()) return await isSeen()
      counted.tabs += 1
      await press(back ? 'Shift+Tab' : 'Tab')
    }
    throw new Error(`${MOST_TABS} presses of the tabulator do not lead to ${wanted.toString()}`)
  }

  const to = (wanted: Locator, way?: Way) => reach(wanted, () => wanted.evaluate(isFocused), way)

  return {
    page,
    press,
    to,
    types,
    /** Goes to a button or a link, and presses it. */
    async activates(wanted: Locator, way?: Way): Promise<void> {
      await to(wanted, way)
      await press('Enter')
    },
    async writes(field: Locator, text: string): Promise<void> {
      await to(field)
      if ((await field.inputValue()) !== '') await press('Control+A')
      await types(text)
      expect(await field.inputValue()).toBe(text)
    },
    /** `2026-11-24T14:30`, part by part: without a screen, Chromium asks for them as Americans do, in every language. */
    async writesMoment(field: Locator, moment: string): Promise<void> {
      await to(field)
      const [year = '', month = '', day = '', hour = '', minute = ''] = moment.split(/\D/)
      await types(`${month}${day}${year}`)
      await press('ArrowRight')
      await types(`${String(Number(hour) % 12 || 12).padStart(2, '0')}${minute}${Number(hour) < 12 ? 'AM' : 'PM'}`)
      expect(await field.inputValue()).toBe(moment)
    },
    /** One of the inbox: the tabulator leads to the list, and the arrows go through it. */
    async opens(row: Locator): Promise<void> {
      await reach(row, () => row.evaluate(isInListOfFocused))
      while (!(await row.evaluate(isFocused))) {
        const before = await page.evaluate(whereFocusIs)
        await press((await row.evaluate(isBelowFocused)) ? 'ArrowDown' : 'ArrowUp')
        await expect.poll(() => page.evaluate(whereFocusIs), SOON).not.toEqual(before)
      }
      await isSeen()
      await press('Enter')
    },
    /** One of a group, of which the tabulator knows one only. */
    async chooses(radio: Locator): Promise<void> {
      await reach(radio, () => radio.evaluate(isInGroupOfFocused))
      while (!(await radio.evaluate(isFocused))) await press('ArrowDown')
      if (!(await radio.isChecked())) await press('Space')
      expect(await radio.isChecked()).toBe(true)
      await isSeen()
    },
    /** One of a list that stays closed: the arrows go through it. */
    async picks(list: Locator, option: RegExp): Promise<void> {
      await to(list)
      await press('Home')
      const many = await list.locator('option').count()
      const chosen = list.locator('option:checked')
      for (let presses = 1; presses < many; presses += 1) {
        if (option.test(await chosen.innerText())) return
        await press('ArrowDown')
      }
      expect(await chosen.innerText()).toMatch(option)
    },
    /** Where somebody is left, after a dialog. */
    isLeftIn: (place: Locator) => expect.poll(() => place.evaluate(holdsFocused), SOON).toBe(true),
    /** What was done last may take the focus away after the last key. */
    async ends(who: string): Promise<void> {
      await keepsItsPlace()
      const { keys, tabs, letters, mostTabs } = counted
      report(`keyboard, ${who}: ${keys} keys (${tabs} tabulators, at most ${mostTabs} to one stop), ${letters} letters`)
    },
  }
}
