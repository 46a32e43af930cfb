/**
 * examples/en-street-use, built from nothing by hand: every page, question, rule, document, fee line, table, route and
 * stage as the example has them. What is written here is what an author reads and does, in that order.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Hand } from './author-hand.ts'

const outline = { role: 'region', name: 'Outline' } as const
const settings = { role: 'region', name: 'Settings' } as const
const dialog = (name: string) => ({ role: 'dialog', name }) as const

/** The name that people read; the address is made from it. */
export const title = 'Permit to use a street or public space'

const law = (section: number) => `Public Ground By-law, section ${section} (example)`

/** To the part that the outline calls so; the settings are looked at from then on. */
async function open(hand: Hand, name: string) {
  await hand.line(name)
  hand.look(settings)
  await hand.see('heading', name)
}

/** After the part that is selected. The keyboard stands in the text of the new question then. */
async function question(hand: Hand, text: string, kind: string) {
  hand.look(outline)
  await hand.click('button', 'Add question')
  hand.look(dialog('Add a question'))
  await hand.stands('Text of the question')
  await hand.type(text)
  await hand.press('Tab')
  await hand.type(kind)
  await hand.press('Enter')
  hand.look(settings)
  await hand.stands('Question', text)
}

async function page(hand: Hand, text: string) {
  hand.look(outline)
  await hand.click('button', 'Add page')
  await hand.type(text)
  await hand.press('Enter')
  hand.look(settings)
  await hand.see('heading', text)
}

async function document(hand: Hand, text: string) {
  hand.look(outline)
  await hand.click('button', 'Add document')
  await hand.type(text)
  await hand.press('Enter')
  hand.look(settings)
  await hand.see('heading', text)
}

/** A list as it stands in the office's own paper, pasted into the first option. A second column holds the values. */
async function options(hand: Hand, list: string) {
  hand.look(settings, { role: 'group', name: 'Options' })
  await hand.click('textbox', 'Text')
  await hand.paste(list)
  hand.look(settings)
}

/** A rule of the selected question: the line, and what to say. */
async function rule(hand: Hand, line: string, message: string) {
  await hand.unfold('Rules')
  await hand.click('button', 'Add: Rules')
  await hand.formula('Must hold', line)
  await hand.fill('What to say if it does not', message)
}

/** A group becomes a list: its form opens, and Tab leads through it. */
async function repeats(hand: Hand, least: string, most: string, add: string, item: string) {
  await hand.click('button', 'Add: Repeat')
  await hand.stands('Fewest entries')
  for (const text of [least, most, add, item]) {
    if (text !== least) await hand.press('Tab')
    await hand.type(text)
  }
}

/** A condition as rows: one question, how it is compared, and with what. */
async function condition(hand: Hand, name: string, field: string, comparison: string | null, value: string | readonly string[] | null) {
  hand.look(settings, { role: 'group', name })
  await hand.click('button', 'Add a condition')
  await hand.choose('Question', field)
  if (comparison) await hand.choose('Comparison', comparison)
  if (value !== null) {
    if (typeof value === 'string' && /^\d+$/.test(value)) await hand.fill('Value', value)
    else await hand.choose('Value', value)
  }
  hand.look(settings)
}

/** Several lines of the outline: the first by itself, the others with Ctrl held. */
async function openAll(hand: Hand, names: readonly string[]) {
  for (const [i, name] of names.entries()) await hand.line(name, i === 0 ? undefined : 'ControlOrMeta')
  hand.look(settings)
  if (names.length > 1) await hand.see('heading', `${names.length} parts chosen`)
  else await hand.see('heading', names[0] as string)
  await hand.unfold('Privacy')
}

async function privacy(hand: Hand, names: readonly string[], { kind, purpose, section }: { kind?: string; purpose?: string; section?: number }) {
  await openAll(hand, names)
  if (kind) await hand.choose('Kind of personal data', kind)
  if (purpose) await hand.fill('What it is needed for', purpose)
  if (section) await hand.fill('Legal basis', law(section))
}

async function start(hand: Hand) {
  hand.look()
  await hand.fill('Name of the service', title)
  await hand.choose('Country', 'Ireland – EUR')
  await hand.press('Enter')
  await hand.see('treeitem', 'Page 1')
}

async function agency(hand: Hand) {
  await open(hand, 'Agency and look')
  await hand.fill('Name of the agency', 'City Works Department')
  await hand.file('Choose a logo', { name: 'logo.png', mimeType: 'image/png', buffer: logo() })
  await hand.see('textbox', 'Text for those who do not see the logo')
  await hand.fill('Main colour, as #rrggbb', '#2b3f57')
  await hand.fill('Second colour, as #rrggbb', '#b3541e')
  for (const unit of ['Permits desk', 'Traffic police', 'Fire service', 'Parks', 'Cashier']) {
    await hand.click('button', 'Add: Units that handle cases')
    await hand.stands('Units that handle cases', '')
    await hand.type(unit)
  }
}

async function pages(hand: Hand) {
  await open(hand, 'Page 1')
  await hand.fill('Title', 'What you need')
  await question(hand, 'What is it for?', 'radio')
  await options(hand, 'Building works\tworks\nFilming\tfilm\nStreet party\tparty\nMarket\tmarket')
  await question(hand, 'Who is applying?', 'radio')
  await options(hand, 'Resident\nCharity\nBusiness')
  await question(hand, 'Will the road be closed to traffic?', 'checkbox')
  await question(hand, 'Largest number of people at one time', 'number')
  await hand.fill('Least', '1')
  await hand.fill('Greatest', '20000')
  await hand.tick('Whole numbers only')
  await condition(hand, 'Only asked if', 'What is it for? (what_is_it_for)', 'is one of', ['Street party', 'Market'])

  await page(hand, 'Where and when')
  await question(hand, 'Draw the area on the map', 'location')
  await hand.choose('Shape', 'area')
  await question(hand, 'Area (square metres)', 'number')
  await hand.fill('Least', '1')
  await hand.fill('Greatest', '5000')
  await hand.fill('Unit', 'm²')
  await question(hand, 'Zone', 'select')
  await options(hand, 'City centre\t1\nInner\t2\nOuter\t3')
  for (const name of ['Area (square metres)', 'Zone']) {
    await open(hand, name)
    await hand.unfold('Place, name and kind')
    await hand.choose('Filled in from', 'Draw the area on the map (draw_the_area_on_the_map)')
  }
  await question(hand, 'First day', 'date')
  await rule(hand, 'days(today(); first_day) >= if(will_the_road_be_closed_to; 20; 5)', 'Apply at least 5 days ahead (20 if a road is closed)')
  await question(hand, 'Last day', 'date')
  await rule(hand, 'days(first_day; last_day) >= 0 and days(first_day; last_day) <= 89', 'The last day must be within 90 days of the first')
  await question(hand, 'Equipment', 'check boxes')
  await options(hand, 'Scaffolding\tscaffold\nSkip\tskip\nStage\tstage\nGenerator\tpower\nFood stalls\tfood')
  await hand.tick('May be left empty')

  await page(hand, 'People')
  await question(hand, 'Organisation', 'short text')
  await hand.fill('Longest', '120')
  await condition(hand, 'Only asked if', 'Who is applying? (who_is_applying)', 'is not', 'Resident')
  await hand.unfold('Place, name and kind')
  await hand.fill('Browser autofill', 'organization')
  await question(hand, 'Your name', 'short text')
  await hand.fill('Longest', '80')
  await hand.unfold('Place, name and kind')
  await hand.fill('Browser autofill', 'name')
  await question(hand, 'Mobile on site', 'phone')
  await question(hand, 'IBAN for returning the deposit', 'identifier')
  await hand.choose('Kind of number', 'IBAN')
  await question(hand, 'Site visit', 'date and time')
  await hand.choose('Appointment book', 'inspect')
  await condition(hand, 'Only asked if', 'What is it for? (what_is_it_for)', null, 'Building works')

  // Two lists, which stand before the account: what is added goes behind what is selected.
  await open(hand, 'Mobile on site')
  await question(hand, 'Households told', 'group')
  await repeats(hand, '0', '500', 'Add a household', 'Household')
  await condition(hand, 'Only asked if', 'Will the road be closed to traffic? (will_the_road_be_closed_to)', null, null)
  await question(hand, 'Address', 'short text')
  await hand.fill('Longest', '120')
  await question(hand, 'In favour', 'checkbox')
  await open(hand, 'Households told')
  await rule(
    hand,
    'count(households_told; in_favour) >= ceil(count(households_told) * 2 / 3) and count(households_told) >= 3',
    'At least three households and two thirds in favour',
  )
  await open(hand, 'Mobile on site')
  await question(hand, 'Stewards', 'group')
  await repeats(hand, '0', '200', 'Add a steward', 'Steward')
  await condition(hand, 'Only asked if', 'What is it for? (what_is_it_for)', 'is one of', ['Street party', 'Market'])
  await question(hand, 'Name', 'short text')
  await hand.fill('Longest', '80')
  await question(hand, 'Mobile', 'phone')
  await open(hand, 'Stewards')
  await rule(hand, 'count(stewards) >= ceil(largest_number_of_people_at / 100)', 'One steward for every 100 people')
}

async function documents(hand: Hand) {
  await document(hand, 'Site plan to scale')
  await condition(hand, 'Only asked for if', 'Area (square metres) (area_square_metres)', 'is more than', '20')
  await hand.tick('jpg', false)
  await hand.fill('Largest size in bytes', '20000000')
  await document(hand, 'Public liability insurance')
  await hand.formula('Only asked for if', 'who_is_applying != "resident" or largest_number_of_people_at > 200')
  await onlyPdf(hand)
  await hand.choose('Must be valid until the date in', 'Last day (last_day)')
  await document(hand, 'Traffic management plan')
  await condition(hand, 'Only asked for if', 'Will the road be closed to traffic? (will_the_road_be_closed_to)', null, null)
  await onlyPdf(hand, '20000000')
  await document(hand, 'Scaffold design certificate')
  await condition(hand, 'Only asked for if', 'Equipment (equipment)', null, 'Scaffolding')
  await onlyPdf(hand)
  await document(hand, 'Food hygiene registration')
  await condition(hand, 'Only asked for if', 'Equipment (equipment)', null, 'Food stalls')
  await hand.tick('png', false)
  await hand.fill('Largest size in bytes', '5000000')
}

async function onlyPdf(hand: Hand, largest = '5000000') {
  await hand.tick('jpg', false)
  await hand.tick('png', false)
  await hand.fill('Largest size in bytes', largest)
}

async function values(hand: Hand) {
  await open(hand, 'Values and tables')
  const computed = async (number: number, name: string, kind: string, line: string) => {
    hand.look(settings)
    await hand.click('button', 'Add: Computed values')
    await hand.stands('Name', '')
    await hand.type(name)
    hand.look(settings, { role: 'group', name: `Computed values, ${number}` })
    await hand.choose('Kind', kind)
    await hand.formula('Value', line)
    hand.look(settings)
  }
  await computed(1, 'Days', 'number', 'days(first_day; last_day) + 1')
  await computed(2, 'Free of charge', 'yes or no', 'what_is_it_for = "party" and who_is_applying != "business"')
  await computed(3, 'Deposit', 'money', 'if(area_square_metres > 200 or "scaffold" in equipment; 500 EUR; 0 EUR)')
}

async function appointments(hand: Hand) {
  await open(hand, 'Values and tables')
  await hand.click('button', 'Add: Appointment books')
  await hand.stands('Name in rules and data')
  hand.look(settings, { role: 'group', name: 'Appointment books, 1' })
  await hand.fill('Name in rules and data', 'inspect')
  await hand.fill('Minutes', '60')
  await hand.fill('Capacity', '1')
  await hand.click('button', 'Add: Open')
  await hand.stands('Open', '')
  await hand.paste(['Mon', 'Tue', 'Wed', 'Thu', 'Fri'].map((day) => `${day} 09:00-15:00`).join('\n'))
  await hand.fill('Minutes a place is held', '15')
}

async function zones(hand: Hand) {
  hand.look()
  await hand.click('button', 'Tables and fee')
  await hand.fill('Name of the new table', 'zone')
  await hand.press('Enter')
  await hand.unfold('Whole table “zone” from a spreadsheet')
  await hand.click('textbox', 'Whole table “zone” from a spreadsheet')
  await hand.paste('zone\tcents\n1\t80\n2\t45\n3\t20')
  await hand.click('button', 'Take these rows')
  await hand.click('button', 'Edit')
}

async function fees(hand: Hand) {
  await open(hand, 'Fee and payment')
  await hand.click('button', 'Add: Fee')
  const line = async (number: number, name: string, amount: string) => {
    hand.look(settings)
    await hand.click('button', 'Add: Lines')
    await hand.stands('Name', '')
    await hand.type(name)
    hand.look(settings, { role: 'group', name: `Lines, ${number}` })
    await hand.formula('Amount', amount)
  }
  await line(1, 'Application', 'if(free_of_charge; 0 EUR; 45 EUR)')
  await line(
    2,
    'Use of public ground',
    'if(free_of_charge; 0 EUR; round(money(row("zone"; zone; "cents")) * area_square_metres * days * if(who_is_applying = "charity"; 0.5; 1)))',
  )
  await line(3, 'Road closure notice', 'if(will_the_road_be_closed_to; 120 EUR; 0 EUR)')
  await line(4, 'Refundable deposit', 'deposit')
  await hand.tick('Refundable')
  hand.look(settings)
  await hand.click('button', 'Add: Payment')
  await hand.choose('When it is paid', 'after approval')
  await hand.fill('Days to pay', '10')
  await hand.click('button', 'Add: By way of')
  await hand.stands('By way of', '')
  await hand.paste('stripe\nviva\ndesk')
  await hand.choose('When time runs out', 'lapses')
}

async function handling(hand: Hand) {
  await open(hand, 'Handling')
  const stage = async (number: number, name: string, unit: string | null, actor: string, term: readonly [string, string]) => {
    hand.look(settings)
    await hand.click('button', 'Add: Stages')
    await hand.stands('Name', '')
    await hand.type(name)
    hand.look(settings, { role: 'group', name: `Stages, ${number}` })
    if (unit) await hand.choose('Unit that handles it', unit)
    await hand.choose('Who acts', actor)
    await hand.click('button', 'Add: Term')
    await hand.fill('How many', term[0])
    await hand.choose('Counted in', term[1])
  }
  await stage(1, 'Checked by permits', 'Permits desk', 'officer', ['3', 'working days'])
  for (const decision of ['accept', 'refuse', 'send back']) await hand.tick(decision)
  await stage(2, 'Consultation', null, 'officer', ['7', 'working days'])
  for (const [i, unit] of ['Traffic police', 'Fire service', 'Parks'].entries()) {
    hand.look(settings, { role: 'group', name: 'Stages, 2' })
    await hand.click('button', 'Add: Units that handle cases')
    hand.look(settings, { role: 'group', name: 'Stages, 2' }, { role: 'group', name: `Units that handle cases, ${i + 1}` })
    await hand.choose('Unit that handles it', unit)
    hand.look(
      settings,
      { role: 'group', name: 'Stages, 2' },
      { role: 'group', name: `Units that handle cases, ${i + 1}` },
      { role: 'group', name: 'Takes part if' },
    )
    await hand.click('button', 'Add a condition')
    const [field, comparison, value] = [
      ['Will the road be closed to traffic? (will_the_road_be_closed_to)', null, null],
      ['Largest number of people at one time (largest_number_of_people_at)', 'is more than', '500'],
      ['Zone (zone)', null, 'Outer'],
    ][i] as [string, string | null, string | null]
    await hand.choose('Question', field)
    if (comparison) await hand.choose('Comparison', comparison)
    if (value === '500') await hand.fill('Value', value)
    else if (value) await hand.choose('Value', value)
  }
  hand.look(settings, { role: 'group', name: 'Stages, 2' })
  await hand.choose('If several units', 'all')
  await hand.choose('When time runs out', 'agrees')
  await stage(3, 'Decision', 'Permits desk', 'officer', ['2', 'working days'])
  await hand.tick('Two people must agree')
  await stage(4, 'Payment', 'Cashier', 'applicant', ['10', 'days'])
  await stage(5, 'Site check and deposit back', 'Permits desk', 'officer', ['10', 'working days'])
  await hand.choose('Counted from the date in', 'Last day (last_day)')

  hand.look(settings)
  await hand.click('button', 'Add: Routes')
  hand.look(settings, { role: 'group', name: 'Routes, 1' })
  await hand.formula('Taken if', 'free_of_charge and not will_the_road_be_closed_to and area_square_metres <= 100')
  await hand.choose('To', 'approved by itself')
  hand.look(settings)
  await hand.click('button', 'Add: Routes')
  hand.look(settings, { role: 'group', name: 'Routes, 2' })
  await hand.choose('To', 'Checked by permits (checked_by_permits)')

  hand.look(settings)
  await hand.click('button', 'Add: What the applicant gets')
  await hand.stands('Name', '')
  await hand.type('Permit')
  await hand.tick('pdf')
  await hand.tick('With QR code')
  await hand.choose('Valid from', 'First day (first_day)')
  await hand.choose('Valid to', 'Last day (last_day)')
  await hand.click('button', 'Add: Notices')
  await hand.tick('SMS')
}

async function guide(hand: Hand) {
  await open(hand, 'Service')
  await hand.fill('Summary', 'Scaffolding, skips, filming, street parties and markets on public ground')
  await hand.click('button', 'Add: Guide')
  await hand.fill('Who may apply', 'Residents, charities and businesses that need public ground for a while')
  for (const [i, first] of [
    'What is it for? (what_is_it_for)',
    'Who is applying? (who_is_applying)',
    'Will the road be closed to traffic? (will_the_road_be_closed_to)',
    'Largest number of people at one time (largest_number_of_people_at)',
  ].entries()) {
    await hand.click('button', 'Add: Questions asked first')
    await hand.choose('Questions asked first', first, i)
  }
  await hand.fill('Minutes', '15')
  await hand.fill('Legal basis', law(1))
}

async function access(hand: Hand) {
  await open(hand, 'Where and by whom')
  await hand.click('radio', 'Open')
  await hand.unfold('Files')
  await hand.fill('Largest size in bytes', '20000000')
  await hand.click('button', 'Add: Sign-in of applicants')
  await hand.choose('Level', 'low')
  await hand.click('button', 'Add: By way of')
  await hand.stands('By way of', '')
  await hand.paste('oidc\ne-mail link')
  await hand.tick('self')
  await hand.tick('organisation')
}

/** What each answer is for, and by which law: for several questions at once, where they are alike. */
async function personal(hand: Hand) {
  await privacy(hand, ['Who is applying?'], { kind: 'ordinary', purpose: 'To work out the fee and the documents', section: 6 })
  await privacy(hand, ['Organisation', 'Your name'], { purpose: 'To know who holds the permit' })
  await privacy(hand, ['Organisation', 'Your name', 'Mobile on site'], { section: 4 })
  await privacy(hand, ['Organisation'], { kind: 'none' })
  await privacy(hand, ['Your name', 'Name', 'In favour'], { kind: 'ordinary' })
  await privacy(hand, ['Mobile on site', 'Mobile', 'Address'], { kind: 'contact' })
  await privacy(hand, ['Mobile on site', 'Mobile'], { purpose: 'To reach somebody on site' })
  await privacy(hand, ['Name', 'Mobile', 'Address', 'In favour'], { section: 5 })
  await privacy(hand, ['Address', 'In favour'], { purpose: 'To check that the neighbours were asked' })
  await privacy(hand, ['Name'], { purpose: 'To check that the event is safe' })
  await privacy(hand, ['IBAN for returning the deposit'], { kind: 'financial', purpose: 'To pay the deposit back', section: 7 })
  const papers = ['Site plan to scale', 'Public liability insurance', 'Traffic management plan', 'Scaffold design certificate', 'Food hygiene registration']
  await privacy(hand, papers, { kind: 'none', purpose: 'To check that the event is safe', section: 5 })
  await privacy(hand, ['Public liability insurance'], { kind: 'ordinary' })
}

/** What the checks warn of is ticked by name. */
async function publish(hand: Hand) {
  hand.look()
  await hand.click('button', 'Publish…')
  hand.look({ role: 'dialog', name: 'Publish this service' })
  await hand.see('button', 'Publish')
  await hand.tickAll()
  await hand.click('button', 'Publish')
  hand.look()
  await hand.see('heading', 'Version 1 is published')
}

export async function buildStreetUse(hand: Hand): Promise<void> {
  await start(hand)
  await agency(hand)
  await appointments(hand)
  await pages(hand)
  await documents(hand)
  await zones(hand)
  await values(hand)
  await fees(hand)
  await handling(hand)
  await personal(hand)
  await guide(hand)
  await access(hand)
  await publish(hand)
}

export const logo = (): Buffer => {
  const definition = JSON.parse(readFileSync(join(import.meta.dirname, '../examples/en-street-use/definition.json'), 'utf8'))
  return Buffer.from(definition.agency.logo.src.split(',')[1], 'base64')
}
