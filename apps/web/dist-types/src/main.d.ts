import './styles/main.css'
//# sourceMappingURL=main.d.ts.map
