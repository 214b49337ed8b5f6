// The extensions look for one global htmx.
import htmx from "htmx.org";

window.htmx = htmx;
