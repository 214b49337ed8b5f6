import "./htmx-global.js";
import "htmx-ext-sse";
import "idiomorph/dist/idiomorph-ext.esm.js";
import "./live.js";
import "./forms.js";
import "./local.js";
import "./keys.js";
import "./bulk.js";
