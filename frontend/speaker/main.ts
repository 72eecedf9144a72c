import "../lib/choir-copy";
import "../lib/choir-phrase";
import "./choir-about";
import "./choir-adopt";
import "./choir-speakers";
