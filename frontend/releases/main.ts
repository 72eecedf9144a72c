import "./choir-cut-release";
