import "../lib/choir-player";
import "../lib/choir-copy";
import "./choir-counting";
