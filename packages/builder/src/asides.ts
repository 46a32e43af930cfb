/** What the editor opens beside itself: its dialogs, and what is folded away. Loaded together once the editor stands. */
import './findings-list.ts'
import './jump-dialog.ts'
import './name-dialog.ts'
import './publish-dialog.ts'
import './steps-dialog.ts'
import './type-picker.ts'
