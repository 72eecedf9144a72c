import "../lib/choir-phrase";
import "../lib/choir-player";
import "./choir-recorder";
import "./view/choir-level";
