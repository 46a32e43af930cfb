/** Style sheets that all elements share: adopting one again costs nothing. */

const sheets = new Map<string, CSSStyleSheet>()

/** The sheet of some styles: one for all that look the same. */
export function sheetOf(css: string): CSSStyleSheet {
  let sheet = sheets.get(css)
  if (!sheet) {
    // A preview is shown in every colour that its author tries.
    if (sheets.size > 50) sheets.clear()
    sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    sheets.set(css, sheet)
  }
  return sheet
}

/** Follows the first styles everywhere. It is empty until something comes that needs more-styles.ts. */
export const more = new CSSStyleSheet()
