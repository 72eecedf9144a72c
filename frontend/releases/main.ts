import "../lib/choir-player";
import "./choir-copy";
import "./choir-cut-release";
