/** A code that came in the fragment of the address (from a QR code) is put into the form, and taken out of the history. */
const code = location.hash.slice(1)
const input = document.getElementById('reference')
if (code && input && !input.value) {
  input.value = code
  history.replaceState(null, '', location.pathname + location.search)
  input.form.querySelector('button').focus()
}
