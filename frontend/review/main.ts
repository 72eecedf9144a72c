import "../lib/choir-player";
import "./choir-review";
